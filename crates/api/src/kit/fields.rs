//! Reading an object field by field, so that everything that is wrong is said at once.

use domain::{AccountPolicy, FieldError, Rule};
use operations::accounts::Change;
use serde_json::{Map, Value};

use super::json::JsonKind;

/// A body type that reads itself from an object.
pub(crate) trait FromFields: Sized {
    /// So many bytes are read of it at least, where the setting would allow fewer.
    const ROOM: usize = 0;

    /// Problems are noted in `fields`; what is returned then is only reviewed, for what else is
    /// wrong with it.
    fn from_fields(fields: &mut Fields) -> Self;

    /// The rules that it breaks, for surfaces that say so together with what cannot be read.
    fn review(&self, _policy: &AccountPolicy) -> Vec<FieldError> {
        Vec::new()
    }
}

/// How a surface reads fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Fields that it does not know are refused.
    Strict,
    IgnoringUnknown,
    /// As serializers of Django REST framework do: unknown fields are ignored, outer blanks do not
    /// count, and a text must say something and holds no NUL.
    AsDrf,
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
        expected: JsonKind,
        found: JsonKind,
    },
    /// Says the same as another field that is there too.
    Superfluous,
    /// Stands twice in one object, or in the query as well.
    Duplicate,
    /// Says nothing.
    Blank,
    /// A text without what should stand in it.
    Unlike {
        pattern: &'static str,
        sent: String,
    },
    /// Well-formed, but not as the rules want it.
    Breaks(Rule),
}

/// A name of ours is never so long; a stranger's is not repeated in full.
const LONGEST_NAME: usize = 64;
/// Of the fields that nobody knows, so many are named.
const MOST_UNKNOWN: usize = 32;

/// An object being read: each read takes its field out.
pub(crate) struct Fields {
    object: Map<String, Value>,
    reading: Reading,
    /// In the order in which they were asked for, which is that of the dialect's documents.
    known: Vec<&'static str>,
    problems: Vec<FieldProblem>,
}

impl FieldProblem {
    pub(crate) fn new(field: &str, shape: Shape) -> Self {
        Self { field: field.chars().take(LONGEST_NAME).collect(), shape }
    }
}

impl Fields {
    pub(super) fn new(object: Map<String, Value>, reading: Reading) -> Self {
        Self { object, reading, known: Vec::new(), problems: Vec::new() }
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
                let found = JsonKind::of(&other);
                self.note(field, Shape::WrongType { expected: JsonKind::Object, found });
                Change::Keep
            }
        }
    }

    /// A list of texts; absent, it is empty.
    pub(crate) fn optional_texts(&mut self, field: &'static str) -> Vec<String> {
        self.texts(field).unwrap_or_default()
    }

    /// A list of texts that may be empty, but says so.
    pub(crate) fn required_texts(&mut self, field: &'static str) -> Vec<String> {
        self.texts(field).unwrap_or_else(|| {
            self.note(field, Shape::Missing);
            Vec::new()
        })
    }

    /// A list of texts; `None` when it is absent.
    pub(crate) fn texts(&mut self, field: &'static str) -> Option<Vec<String>> {
        let value = self.take(field)?;
        let Some(values) = value.as_array() else {
            let found = JsonKind::of(&value);
            self.note(field, Shape::WrongType { expected: JsonKind::Array, found });
            return Some(Vec::new());
        };
        Some(values.iter().filter_map(|value| self.text_of(field, value.clone())).collect())
    }

    /// True or false; may be absent.
    pub(crate) fn optional_boolean(&mut self, field: &'static str) -> Option<bool> {
        let value = self.take(field)?;
        if value.as_bool().is_none() {
            let found = JsonKind::of(&value);
            self.note(field, Shape::WrongType { expected: JsonKind::Boolean, found });
        }
        value.as_bool()
    }

    /// True or false, or what pydantic takes for it.
    pub(crate) fn required_lax_boolean(&mut self, field: &'static str) -> bool {
        let Some(value) = self.take(field) else {
            self.note(field, Shape::Missing);
            return false;
        };
        lax_boolean(&value).unwrap_or_else(|| {
            let found = JsonKind::of(&value);
            self.note(field, Shape::WrongType { expected: JsonKind::Boolean, found });
            false
        })
    }

    /// Whatever it is: what it means depends on who asks.
    pub(crate) fn unread(&mut self, field: &'static str) -> Option<Value> {
        self.take(field)
    }

    pub(crate) fn note(&mut self, field: &str, shape: Shape) {
        self.problems.push(FieldProblem::new(field, shape));
    }

    /// The field of this body that the query names, if any: a value has one place (REG-09), and
    /// an address is no place for secrets (LGN-13).
    pub(super) fn named_in(&self, query: &str) -> Option<&'static str> {
        url::form_urlencoded::parse(query.as_bytes()).find_map(|(name, _)| {
            let name = name.split('[').next().unwrap_or_default();
            self.known.iter().copied().find(|known| *known == name)
        })
    }

    /// Notes the broken rules of fields that could be read.
    pub(super) fn note_rules(
        &mut self,
        errors: Vec<FieldError>,
        name: fn(domain::Field) -> &'static str,
    ) {
        let unreadable: Vec<String> =
            self.problems.iter().map(|problem| problem.field.clone()).collect();
        for FieldError { field, rule } in errors {
            let field = name(field);
            if !unreadable.iter().any(|unreadable| unreadable == field) {
                self.note(field, Shape::Breaks(rule));
            }
        }
    }

    /// What is wrong in the order of the fields, those left unread included where the surface
    /// refuses them.
    pub(super) fn finish(mut self) -> Vec<FieldProblem> {
        if self.reading == Reading::Strict {
            let unread = std::mem::take(&mut self.object);
            for field in unread.keys().take(MOST_UNKNOWN) {
                self.note(field, Shape::Unknown);
            }
        }
        let Self { known, mut problems, .. } = self;
        let place = |problem: &FieldProblem| {
            known.iter().position(|field| *field == problem.field).unwrap_or(known.len())
        };
        problems.sort_by_key(place);
        problems
    }

    fn take(&mut self, field: &'static str) -> Option<Value> {
        self.known.push(field);
        self.object.remove(field)
    }

    fn text_of(&mut self, field: &'static str, value: Value) -> Option<String> {
        match value {
            Value::String(text) if self.reading == Reading::AsDrf => self.drf_text(field, &text),
            Value::String(text) => Some(text),
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_)) => {
                let found = JsonKind::of(&other);
                self.note(field, Shape::WrongType { expected: JsonKind::String, found });
                None
            }
        }
    }

    fn drf_text(&mut self, field: &'static str, text: &str) -> Option<String> {
        let text = text.trim_matches(is_blank);
        if text.is_empty() {
            self.note(field, Shape::Blank);
            return None;
        }
        if text.contains('\0') {
            self.note(field, Shape::Breaks(Rule::ForbiddenCharacter));
            return None;
        }
        Some(text.to_owned())
    }
}

/// <https://docs.pydantic.dev/2.7/api/standard_library_types/#booleans>
fn lax_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) if number.as_f64() == Some(0.0) => Some(false),
        Value::Number(number) if number.as_f64() == Some(1.0) => Some(true),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
            "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
            _ => None,
        },
        Value::Number(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What Python's `str.strip` takes off, which knows more blanks than Unicode.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}
