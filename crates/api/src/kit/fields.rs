//! Reading an object field by field, so that everything that is wrong is said at once.

use std::collections::BTreeSet;

use operations::accounts::Change;
use serde_json::{Map, Value};

use super::json::type_name;

/// A body type that reads itself from an object.
pub(crate) trait FromFields: Sized {
    /// Problems are noted in `fields`; what is returned then is not used.
    fn from_fields(fields: &mut Fields) -> Self;
}

/// What becomes of fields that a surface does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownFields {
    Refused,
}

/// A field that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldProblem {
    pub(crate) field: String,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Missing,
    Unknown,
    WrongType {
        expected: &'static str,
        found: &'static str,
    },
    /// Says the same as another field that is there too.
    Superfluous,
    /// Stands twice in one object, or in the query as well.
    Duplicate,
}

/// A name of ours is never so long; a stranger's is not repeated in full.
const LONGEST_NAME: usize = 64;
/// Of the fields that nobody knows, so many are named.
const MOST_UNKNOWN: usize = 32;

/// An object being read: each read takes its field out.
pub(crate) struct Fields {
    object: Map<String, Value>,
    known: BTreeSet<&'static str>,
    problems: Vec<FieldProblem>,
}

impl FieldProblem {
    pub(super) fn new(field: &str, shape: Shape) -> Self {
        Self { field: field.chars().take(LONGEST_NAME).collect(), shape }
    }
}

impl Fields {
    pub(super) fn new(object: Map<String, Value>) -> Self {
        Self { object, known: BTreeSet::new(), problems: Vec::new() }
    }

    /// May be absent; `null` is no text (REG-08).
    pub(crate) fn optional_text(&mut self, field: &'static str) -> Option<String> {
        self.take(field).and_then(|value| self.text_of(field, value))
    }

    /// Absent and `null` are the same: for what clients send along whether they have it or not.
    pub(crate) fn nullable_text(&mut self, field: &'static str) -> Option<String> {
        self.take(field)
            .filter(|value| !value.is_null())
            .and_then(|value| self.text_of(field, value))
    }

    pub(crate) fn required_text(&mut self, field: &'static str) -> String {
        match self.take(field) {
            None => {
                self.note(field, Shape::Missing);
                String::new()
            }
            Some(value) => self.text_of(field, value).unwrap_or_default(),
        }
    }

    /// Absent keeps, `null` clears.
    pub(crate) fn text_change(&mut self, field: &'static str) -> Change<String> {
        match self.take(field) {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(value) => self.text_of(field, value).map_or(Change::Keep, Change::Set),
        }
    }

    /// An object, kept as JSON text. Absent keeps, `null` clears.
    pub(crate) fn object_change(&mut self, field: &'static str) -> Change<String> {
        match self.take(field) {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(Value::Object(object)) => Change::Set(Value::Object(object).to_string()),
            Some(other) => {
                let found = type_name(&other);
                self.note(field, Shape::WrongType { expected: "an object", found });
                Change::Keep
            }
        }
    }

    pub(crate) fn note(&mut self, field: &str, shape: Shape) {
        self.problems.push(FieldProblem::new(field, shape));
    }

    /// The field of this body that the query names, if any: a value has one place (REG-09), and
    /// an address is no place for secrets (LGN-13).
    pub(super) fn named_in(&self, query: &str) -> Option<&'static str> {
        url::form_urlencoded::parse(query.as_bytes()).find_map(|(name, _)| {
            let name = name.split('[').next().unwrap_or_default();
            self.known.get(name).copied()
        })
    }

    /// What is wrong, fields left unread included where the surface refuses them.
    pub(super) fn finish(mut self, unknown: UnknownFields) -> Vec<FieldProblem> {
        match unknown {
            UnknownFields::Refused => {
                let unread = std::mem::take(&mut self.object);
                for field in unread.keys().take(MOST_UNKNOWN) {
                    self.note(field, Shape::Unknown);
                }
            }
        }
        self.problems
    }

    fn take(&mut self, field: &'static str) -> Option<Value> {
        self.known.insert(field);
        self.object.remove(field)
    }

    fn text_of(&mut self, field: &'static str, value: Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_)) => {
                let found = type_name(&other);
                self.note(field, Shape::WrongType { expected: "a string", found });
                None
            }
        }
    }
}
