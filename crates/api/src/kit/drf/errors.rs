//! What Django REST framework says: `{"detail": …}`, or a list of texts for each field.

use domain::{Field, Rule};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::kit::{Answer, Dialect, FieldProblem, JsonKind, Manners, Rejection, Shape};

const JSON: &str = "application/json";
/// Errors of the whole, not of a field.
pub(super) const NOT_ACCEPTABLE: &str = "Could not satisfy the request Accept header.";
const WHOLE: &str = "non_field_errors";
/// The longest values of the original's columns.
const EMAIL: usize = 254;
const PHONE: usize = 15;
const NO_EMAIL: &str = "Enter a valid email address.";
const NUL: &str = "Null characters are not allowed.";

/// `{"detail": …}`
pub(crate) fn detail(status: StatusCode, text: impl Into<Value>) -> Answer {
    Answer::new(status, JSON, json!({ "detail": text.into() }))
}

/// `{"email": ["…"]}` with status 400, in the order in which the fields come.
pub(crate) fn field_errors(
    errors: impl IntoIterator<Item = (impl Into<String>, String)>,
) -> Answer {
    let mut fields = Map::new();
    for (field, text) in errors {
        let texts = fields.entry(field.into()).or_insert_with(|| json!([]));
        texts.as_array_mut().into_iter().for_each(|texts| texts.push(json!(text)));
    }
    Answer::new(StatusCode::BAD_REQUEST, JSON, Value::Object(fields))
}

/// The answer to broken rules that an operation found.
pub(crate) fn say_rules<D: Dialect>(errors: &[domain::FieldError]) -> Answer {
    let problems = errors.iter().map(|error| {
        let field = D::Manners::field_name(error.field);
        FieldProblem::new(field, Shape::Breaks(error.rule.clone()))
    });
    say_problems(&problems.collect::<Vec<_>>(), &Value::Null)
}

/// What belongs to the whole is said only when every field by itself is right.
fn say_problems(problems: &[FieldProblem], sent: &Value) -> Answer {
    let has_field = problems.iter().any(|problem| !is_about_the_whole(problem));
    let shown = problems.iter().filter(|problem| !has_field || !is_about_the_whole(problem));
    field_errors(shown.flat_map(|problem| {
        let sent = sent.get(&problem.field).and_then(Value::as_str).unwrap_or_default().trim();
        say(problem, sent).into_iter().map(|text| (problem.field.clone(), text))
    }))
}

/// The strength of a password is looked at last, like what is missing as a whole.
fn is_about_the_whole(problem: &FieldProblem) -> bool {
    let is_strength = match &problem.shape {
        Shape::Breaks(rule) => rule.is_strength(),
        Shape::Missing
        | Shape::Unknown
        | Shape::WrongType { .. }
        | Shape::Superfluous
        | Shape::Duplicate
        | Shape::Unlike { .. }
        | Shape::Blank => false,
    };
    is_strength || problem.field == WHOLE
}

/// Validators of a field do not wait for each other: one value may be called wrong in several
/// ways.
fn say(problem: &FieldProblem, sent: &str) -> Vec<String> {
    let mut texts = vec![say_first(problem, sent)];
    if problem.field == "email" && matches!(problem.shape, Shape::Breaks(_)) {
        /// From here on an address is none by its length alone.
        const NO_ADDRESS: usize = 320;
        let length = sent.chars().count();
        if length > EMAIL && texts[0] != say_length(EMAIL) {
            texts.insert(0, say_length(EMAIL));
        }
        if sent.contains('\0') && !texts.iter().any(|text| text == NUL) {
            texts.push(NUL.to_owned());
        }
        let is_none = sent.contains('\0') || !sent.contains('@') || length > NO_ADDRESS;
        if is_none && !sent.is_empty() && !texts.iter().any(|text| text == NO_EMAIL) {
            texts.push(NO_EMAIL.to_owned());
        }
    }
    texts
}

fn say_first(problem: &FieldProblem, sent: &str) -> String {
    let is_email = problem.field == "email";
    match &problem.shape {
        Shape::Missing | Shape::Breaks(Rule::Required) if problem.field == WHOLE => {
            "Either email or phone is required.".to_owned()
        }
        Shape::Missing => "This field is required.".to_owned(),
        Shape::WrongType { found: JsonKind::Null, .. } => "This field may not be null.".to_owned(),
        Shape::WrongType { expected: JsonKind::Boolean, .. } => {
            "Must be a valid boolean.".to_owned()
        }
        Shape::WrongType { .. } if is_email => NO_EMAIL.to_owned(),
        Shape::WrongType { .. } => "Not a valid string.".to_owned(),
        Shape::Blank => "This field may not be blank.".to_owned(),
        Shape::Unlike { .. } => "Enter a valid value.".to_owned(),
        Shape::Unknown | Shape::Superfluous | Shape::Duplicate => "Unexpected field.".to_owned(),
        Shape::Breaks(rule) => say_rule(rule, sent),
    }
}

fn say_length(max: usize) -> String {
    format!("Ensure this field has no more than {max} characters.")
}

fn say_rule(rule: &Rule, sent: &str) -> String {
    let text = match rule {
        Rule::TooLong { max } => return say_length(*max),
        Rule::NotAPhone if sent.chars().count() > PHONE => return say_length(PHONE),
        Rule::TooShort { min } => {
            return format!(
                "This password is too short. It must contain at least {min} characters."
            );
        }
        Rule::TooSimilar(field) => {
            return format!("The password is too similar to the {}.", say_field(*field));
        }
        Rule::CommonPassword => "This password is too common.",
        Rule::OnlyDigits => "This password is entirely numeric.",
        Rule::ContextWord => "The password is too similar to the username.",
        Rule::MissingClass(_) => "This password is too simple.",
        Rule::NotAnEmail => NO_EMAIL,
        Rule::NotAPhone => "Enter a valid phone number.",
        Rule::Required => "This field is required.",
        Rule::ForbiddenCharacter if sent.contains('\0') => NUL,
        Rule::ForbiddenCharacter => "This value contains characters that are not allowed.",
        Rule::LooksLikeEmail => "A username may not look like an email address.",
        Rule::LooksLikePhone => "A username may not look like a phone number.",
        Rule::NotALocale => "Enter a valid language code.",
        Rule::NotAnObject => "Value must be valid JSON.",
        Rule::UnknownPermission(_) | Rule::NoPermissionOfRoles(_) => "There is no such permission.",
        Rule::NotInFuture => "This time is over.",
    };
    text.to_owned()
}

const fn say_field(field: Field) -> &'static str {
    match field {
        Field::Email => "email",
        Field::FirstName => "first name",
        Field::LastName => "last name",
        Field::Phone => "phone",
        Field::Username
        | Field::Password
        | Field::CurrentPassword
        | Field::Locale
        | Field::Metadata
        | Field::Identifier
        | Field::RestorationToken
        | Field::RefreshToken
        | Field::IdempotencyKey
        | Field::ServiceName
        | Field::Permissions
        | Field::RoleName
        | Field::Description
        | Field::Reason
        | Field::Until => "username",
    }
}

/// All but a header without a token, which each dialect has words of its own for.
pub(crate) fn reject(rejection: &Rejection, bad_header: Answer) -> Answer {
    use StatusCode as S;
    match rejection {
        Rejection::MalformedJson(fault) => {
            let (message, line, column) = (&fault.message, fault.line, fault.column);
            let place = format!("line {line} column {column} (char {})", fault.position);
            detail(S::BAD_REQUEST, format!("JSON parse error - {message}: {place}"))
        }
        Rejection::UndecodableText(text) => {
            detail(S::BAD_REQUEST, format!("JSON parse error - {text}"))
        }
        Rejection::UndecodableForm(text) => {
            detail(S::BAD_REQUEST, format!("Multipart form parse error - {text}"))
        }
        Rejection::BodyUnreadable => detail(S::BAD_REQUEST, "Malformed request."),
        Rejection::NotAnObject { found: Value::Null } => {
            field_errors([(WHOLE, "No data provided".to_owned())])
        }
        Rejection::NotAnObject { found } => {
            let found = python_type(JsonKind::of(found));
            let text = format!("Invalid data. Expected a dictionary, but got {found}.");
            field_errors([(WHOLE, text)])
        }
        Rejection::Fields { problems, sent } => say_problems(problems, sent),
        Rejection::DuplicateKey(problem) | Rejection::FieldInQuery(problem) => {
            say_problems(std::slice::from_ref(problem), &Value::Null)
        }
        Rejection::Query(problems) => field_errors(
            problems.iter().map(|problem| (&*problem.name, "Enter a valid value.".to_owned())),
        ),
        Rejection::AuthorizationHeader => bad_header,
        Rejection::TokenTwice => detail(S::BAD_REQUEST, "Send one token, in the header."),
        Rejection::UnsupportedMediaType { media_type } => {
            let text = format!("Unsupported media type \"{media_type}\" in request.");
            detail(S::UNSUPPORTED_MEDIA_TYPE, text)
        }
        Rejection::NotAcceptable { .. } => detail(S::NOT_ACCEPTABLE, NOT_ACCEPTABLE),
        Rejection::BodyTooLarge { .. } => detail(S::PAYLOAD_TOO_LARGE, "Request body too large."),
        Rejection::BodyTooSlow => detail(S::REQUEST_TIMEOUT, "Request timed out."),
        Rejection::ForeignOrigin => detail(S::FORBIDDEN, "CSRF Failed: Origin checking failed."),
        Rejection::NotFound => detail(S::NOT_FOUND, "Not found."),
        Rejection::MethodNotAllowed { method, .. } => {
            detail(S::METHOD_NOT_ALLOWED, format!("Method \"{method}\" not allowed."))
        }
    }
}

const fn python_type(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "NoneType",
        JsonKind::Boolean => "bool",
        JsonKind::Float => "float",
        JsonKind::Integer => "int",
        JsonKind::String => "str",
        JsonKind::Array => "list",
        JsonKind::Object => "dict",
    }
}
