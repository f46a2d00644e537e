//! The objects in the `detail` of a 422, in pydantic's words.

use domain::{FieldError, Rule};
use serde_json::{Map, Value, json};

use super::email;
use crate::kit::{Dialect, FieldProblem, JsonKind, Manners, QueryFault, QueryProblem, Shape};

const DOCUMENTATION: &str = "https://errors.pydantic.dev/2.5/v/";
const REDACTED: &str = "**********";
/// Parts of names under which secrets come, under those of other dialects, too.
const SECRET: [&str; 7] = ["pass", "pwd", "token", "secret", "refresh", "access", "code"];

/// What a dialect's own validators say.
pub(crate) trait Texts: Dialect {
    /// Whether errors of pydantic say where its documentation explains them: FastAPI leaves that out
    /// since 0.105.
    const LINKS_ERRORS: bool = true;

    fn say_rule(rule: &Rule) -> &'static str;
}

/// One error, before it is written out.
struct Invalid {
    kind: &'static str,
    location: Vec<Value>,
    message: String,
    input: Value,
    context: Option<Value>,
    is_documented: bool,
}

impl Invalid {
    fn new(
        kind: &'static str,
        location: Vec<Value>,
        message: impl Into<String>,
        input: Value,
    ) -> Self {
        let message = message.into();
        Self { kind, location, message, input, context: None, is_documented: true }
    }

    fn with(self, context: Value) -> Self {
        Self { context: Some(context), ..self }
    }

    /// Errors that are not pydantic's own have no page there.
    fn undocumented(self) -> Self {
        Self { is_documented: false, ..self }
    }

    fn into_value<D: Texts>(self) -> Value {
        let mut value = json!({
            "type": self.kind, "loc": self.location, "msg": self.message, "input": self.input,
        });
        if let Some(context) = self.context {
            value["ctx"] = context;
        }
        if self.is_documented && D::LINKS_ERRORS {
            value["url"] = json!(format!("{DOCUMENTATION}{}", self.kind));
        }
        value
    }
}

/// The whole `detail` for fields of a body; pydantic stops at the first error of a field.
pub(super) fn list_of_fields<D: Texts>(problems: &[FieldProblem], sent: &Value) -> Value {
    let mut said: Vec<&str> = Vec::new();
    let mut list = Vec::new();
    for problem in problems {
        if !said.contains(&problem.field.as_str()) {
            said.push(&problem.field);
            list.push(of_field::<D>(problem, sent).into_value::<D>());
        }
    }
    Value::Array(list)
}

/// The `detail` for rules that an operation found broken; what was sent is not at hand, but for
/// secrets, which would be stars anyway.
pub(crate) fn list_of_rules<D: Texts>(errors: &[FieldError]) -> Value {
    let problems: Vec<FieldProblem> = errors
        .iter()
        .map(|error| {
            FieldProblem::new(
                D::Manners::field_name(error.field),
                Shape::Breaks(error.rule.clone()),
            )
        })
        .collect();
    list_of_fields::<D>(&problems, &json!({ "password": REDACTED }))
}

fn of_field<D: Texts>(problem: &FieldProblem, sent: &Value) -> Invalid {
    let location = vec![json!("body"), json!(problem.field)];
    let input = redacted(&problem.field, sent.get(&problem.field).unwrap_or(&Value::Null));
    match &problem.shape {
        Shape::Missing => {
            let whole = sent.as_object().map_or(Value::Null, redact_all);
            Invalid::new("missing", location, "Field required", whole)
        }
        Shape::WrongType { expected: JsonKind::Boolean, found } => {
            let (kind, why) = match found {
                JsonKind::String | JsonKind::Integer => {
                    ("bool_parsing", ", unable to interpret input")
                }
                JsonKind::Boolean
                | JsonKind::Float
                | JsonKind::Null
                | JsonKind::Array
                | JsonKind::Object => ("bool_type", ""),
            };
            Invalid::new(kind, location, format!("Input should be a valid boolean{why}"), input)
        }
        Shape::WrongType { .. } => {
            Invalid::new("string_type", location, "Input should be a valid string", input)
        }
        Shape::Unlike { pattern, sent } => {
            let message = format!("String should match pattern '{pattern}'");
            let invalid = Invalid::new("string_pattern_mismatch", location, message, json!(sent));
            invalid.with(json!({ "pattern": pattern }))
        }
        Shape::Breaks(rule) => of_rule::<D>(location, &problem.field, rule, input),
        Shape::Unknown | Shape::Superfluous | Shape::Duplicate | Shape::Blank => {
            Invalid::new("extra_forbidden", location, "Extra inputs are not permitted", input)
        }
    }
}

fn of_rule<D: Texts>(location: Vec<Value>, field: &str, rule: &Rule, input: Value) -> Invalid {
    let is_email = field == "email";
    match rule {
        Rule::NotAnEmail | Rule::TooLong { .. } if is_email => {
            let reason = email::reason(input.as_str().unwrap_or_default());
            let message = format!("value is not a valid email address: {reason}");
            let invalid = Invalid::new("value_error", location, message, input);
            invalid.with(json!({ "reason": reason })).undocumented()
        }
        Rule::TooShort { min } => {
            let message = format!("String should have at least {}", characters(*min));
            let invalid = Invalid::new("string_too_short", location, message, input);
            invalid.with(json!({ "min_length": min }))
        }
        Rule::TooLong { max } => {
            let message = format!("String should have at most {}", characters(*max));
            let invalid = Invalid::new("string_too_long", location, message, input);
            invalid.with(json!({ "max_length": max }))
        }
        Rule::Required => Invalid::new("missing", location, "Field required", Value::Null),
        Rule::ForbiddenCharacter
        | Rule::MissingClass(_)
        | Rule::NotAnEmail
        | Rule::NotAPhone
        | Rule::LooksLikeEmail
        | Rule::LooksLikePhone
        | Rule::NotALocale
        | Rule::CommonPassword
        | Rule::ContextWord
        | Rule::OnlyDigits
        | Rule::TooSimilar(_)
        | Rule::NotAnObject
        | Rule::UnknownPermission(_)
        | Rule::NoPermissionOfRoles(_)
        | Rule::NoWebhook(_)
        | Rule::UnknownEventType(_)
        | Rule::NotInFuture => {
            let message = format!("Value error, {}", D::say_rule(rule));
            let invalid = Invalid::new("value_error", location, message, input);
            invalid.with(json!({ "error": {} }))
        }
    }
}

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

/// The body is no object, or there is none.
pub(super) fn no_object<D: Texts>(found: &Value) -> Value {
    let location = vec![json!("body")];
    let invalid = if found.is_null() {
        Invalid::new("missing", location, "Field required", Value::Null)
    } else {
        let message = "Input should be a valid dictionary or object to extract fields from";
        Invalid::new("model_attributes_type", location, message, without_texts(found))
    };
    json!([invalid.into_value::<D>()])
}

pub(super) fn malformed_json<D: Texts>(message: &str, position: usize) -> Value {
    let location = vec![json!("body"), json!(position)];
    let invalid = Invalid::new("json_invalid", location, "JSON decode error", json!({}));
    json!([invalid.with(json!({ "error": message })).undocumented().into_value::<D>()])
}

pub(super) fn list_of_query<D: Texts>(problems: &[QueryProblem]) -> Value {
    problems.iter().map(|problem| of_query(problem).into_value::<D>()).collect()
}

fn of_query(problem: &QueryProblem) -> Invalid {
    let location = vec![json!("query"), json!(problem.name)];
    let input = json!(problem.sent);
    match &problem.fault {
        QueryFault::NotAnInteger => {
            let message = "Input should be a valid integer, unable to parse string as an integer";
            Invalid::new("int_parsing", location, message, input)
        }
        QueryFault::Below(least) => {
            let message = format!("Input should be greater than or equal to {least}");
            Invalid::new("greater_than_equal", location, message, input)
                .with(json!({ "ge": least }))
        }
        QueryFault::Above(most) => {
            let message = format!("Input should be less than or equal to {most}");
            Invalid::new("less_than_equal", location, message, input).with(json!({ "le": most }))
        }
        QueryFault::NotACursor => {
            let message = "Value error, not a cursor";
            Invalid::new("value_error", location, message, input)
        }
        QueryFault::NotABoolean => {
            let message = "Input should be a valid boolean, unable to interpret input";
            Invalid::new("bool_parsing", location, message, input)
        }
        // No original has such parameters.
        QueryFault::NotATime
        | QueryFault::NotText
        | QueryFault::Unknown
        | QueryFault::Twice
        | QueryFault::Superfluous
        | QueryFault::Breaks(_) => {
            Invalid::new("value_error", location, "Value error, not a valid value", input)
        }
        QueryFault::NotOneOf(all) => {
            let expected = alternatives(all);
            let message = format!("Input should be {expected}");
            let invalid = Invalid::new("enum", location, message, input);
            invalid.with(json!({ "expected": expected })).undocumented()
        }
    }
}

/// `'a', 'b' or 'c'`
fn alternatives(all: &[&str]) -> String {
    let quoted: Vec<String> = all.iter().map(|one| format!("'{one}'")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// A secret comes back as stars, however deep it stands: answers end up in logs of clients.
fn redacted(field: &str, value: &Value) -> Value {
    let field = field.to_ascii_lowercase();
    let is_secret = SECRET.iter().any(|part| field.contains(part));
    if is_secret && !value.is_null() { json!(REDACTED) } else { without_secrets(value) }
}

fn redact_all(object: &Map<String, Value>) -> Value {
    object.iter().map(|(field, value)| (field.clone(), redacted(field, value))).collect()
}

/// Texts without a name may be anything, an object that was encoded twice, for one.
fn without_texts(value: &Value) -> Value {
    match value {
        Value::String(text) if !text.is_empty() => json!(REDACTED),
        Value::Array(items) => items.iter().map(without_texts).collect(),
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => without_secrets(other),
    }
}

fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(object) => redact_all(object),
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            plain.clone()
        }
    }
}
