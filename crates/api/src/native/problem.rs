//! How the native API says no: problem documents (RFC 9457) with stable codes.

use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{FieldError, Refusal, Surface};
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::texts::{TWO_TOKENS, challenge, say, say_kind, say_query, say_rule, say_shape};
use crate::kit::json;
use crate::kit::{
    Answer, Dialect, FieldProblem, JsonKind, Manners, QueryProblem, Reading, Rejection, SentBody,
    bearer_header, current_request_id,
};

/// The media type of RFC 9457.
pub(super) const PROBLEM: &str = "application/problem+json";

/// The native API as a dialect.
pub(crate) enum Native {}

/// An error of the native API.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `urn:vestibule:problem:` and the code.
    #[schema(example = "urn:vestibule:problem:email_taken")]
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    /// Stable: programs decide by it.
    #[schema(example = "email_taken")]
    code: String,
    /// `urn:request:` and the request's id, which our log knows too.
    instance: String,
    /// The fields that are not as they should be.
    errors: Vec<FieldNote>,
    /// For clients of OAuth, where RFC 6749 §5.2 has a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "invalid_client")]
    error: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FieldNote {
    field: String,
    #[schema(example = "too_short")]
    code: String,
    detail: String,
}

impl Dialect for Native {
    const SURFACE: Surface = Surface::Native;
    type Manners = Self;
    const COOKIES: bool = true;
    const RATE_LIMIT_HEADERS: bool = true;
    const ADMINISTRATION: Option<&'static str> = Some("/api/v1/admin/");

    fn refuse(refusal: &Refusal) -> Answer {
        let (status, detail) = say(refusal);
        let errors = if let Refusal::Invalid(errors) = refusal { errors.as_slice() } else { &[] };
        let errors = errors.iter().map(FieldNote::of_rule).collect();
        let answer = problem(status, refusal.code(), &detail, errors);
        let answer = if *refusal == Refusal::InvalidClient {
            with_oauth_code(answer, "invalid_client")
        } else {
            answer
        };
        match challenge(refusal) {
            Some(challenge) if status == StatusCode::UNAUTHORIZED => {
                answer.with_header(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
            }
            Some(_) | None => answer,
        }
    }

    fn reject(rejection: &Rejection) -> Answer {
        use StatusCode as S;
        let (status, code, detail, errors) = match rejection {
            Rejection::MalformedJson(fault) => {
                let detail = format!("The body is not JSON: {}.", fault.message);
                (S::BAD_REQUEST, "malformed_json", detail, vec![])
            }
            Rejection::UndecodableText(reason) => {
                let detail = format!("The body is not text: {reason}.");
                (S::BAD_REQUEST, "malformed_json", detail, vec![])
            }
            Rejection::DuplicateKey(twice) => {
                let detail = "The body is not JSON as we read it: a key stands twice in one \
                              object."
                    .to_owned();
                (S::BAD_REQUEST, "malformed_json", detail, vec![FieldNote::of_shape(twice)])
            }
            Rejection::FieldInQuery(twice) => {
                let detail = "A field of the body stands in the address.".to_owned();
                (S::BAD_REQUEST, "field_in_query", detail, vec![FieldNote::of_shape(twice)])
            }
            Rejection::TokenTwice => {
                let detail = "Send one token, in the header.".to_owned();
                let answer = problem(S::BAD_REQUEST, "invalid_request", &detail, vec![]);
                let challenge = HeaderValue::from_static(TWO_TOKENS);
                return answer.with_header(WWW_AUTHENTICATE, challenge);
            }
            Rejection::AuthorizationHeader => {
                return Self::refuse(&Refusal::InvalidToken(TokenDefect::Malformed));
            }
            Rejection::NotAnObject { found } => {
                let found = say_kind(JsonKind::of(found));
                let detail = format!("The body must be an object, not {found}.");
                (S::UNPROCESSABLE_ENTITY, "invalid", detail, vec![])
            }
            Rejection::Query(problems) => {
                let detail = "Some parameters are not as they should be.".to_owned();
                let errors = problems.iter().map(FieldNote::of_query).collect();
                (S::UNPROCESSABLE_ENTITY, "invalid", detail, errors)
            }
            Rejection::Fields { problems, .. } => {
                let detail = "Some fields are not as they should be.".to_owned();
                let errors = problems.iter().map(FieldNote::of_shape).collect();
                (S::UNPROCESSABLE_ENTITY, "invalid", detail, errors)
            }
            Rejection::UnsupportedMediaType { .. } => {
                let detail = "Send JSON, with Content-Type: application/json.".to_owned();
                (S::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail, vec![])
            }
            Rejection::NotAcceptable { offered } => {
                let detail = format!("There is {} here.", offered.join(", "));
                (S::NOT_ACCEPTABLE, "not_acceptable", detail, vec![])
            }
            Rejection::BodyTooLarge { limit } => {
                let detail = format!("The body is larger than {limit} bytes.");
                (S::PAYLOAD_TOO_LARGE, "body_too_large", detail, vec![])
            }
            Rejection::BodyTooSlow => {
                let detail = "The body took too long to arrive.".to_owned();
                (S::REQUEST_TIMEOUT, "body_too_slow", detail, vec![])
            }
            Rejection::UndecodableForm(reason) => {
                let detail = format!("The body is no form as it should be: {reason}.");
                let answer = problem(S::BAD_REQUEST, "invalid_request", &detail, vec![]);
                return with_oauth_code(answer, "invalid_request");
            }
            Rejection::BodyUnreadable => {
                let detail = "The body could not be read.".to_owned();
                (S::BAD_REQUEST, "body_unreadable", detail, vec![])
            }
            Rejection::ForeignOrigin => {
                let detail = "A page of another site may not use these cookies.".to_owned();
                (S::FORBIDDEN, "foreign_origin", detail, vec![])
            }
            Rejection::NotFound => (S::NOT_FOUND, "not_found", "Not Found".to_owned(), vec![]),
            Rejection::MethodNotAllowed { allow, .. } => {
                let detail = "Method Not Allowed";
                let answer = problem(S::METHOD_NOT_ALLOWED, "method_not_allowed", detail, vec![]);
                return answer.allowing(allow.as_deref());
            }
        };
        problem(status, code, &detail, errors)
    }

    fn fail() -> Answer {
        let detail = "Something went wrong on our side. The request id helps us to find out what.";
        problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail, vec![])
    }

    fn unavailable() -> Answer {
        let detail = "We cannot answer right now. Try again in a moment.";
        problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail, vec![])
    }

    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
        bearer_header(headers)
    }
}

impl Manners for Native {
    const READING: Reading = Reading::Strict;

    /// Nothing but JSON, which is also what keeps plain HTML forms out (API-04).
    async fn read_body(body: SentBody) -> Result<Value, Rejection> {
        if body.is_json() {
            json::parse(&body.bytes)
        } else {
            Err(Rejection::UnsupportedMediaType { media_type: body.media_type() })
        }
    }
}

fn with_oauth_code(mut answer: Answer, code: &'static str) -> Answer {
    answer.body["error"] = json!(code);
    answer
}

fn problem(status: StatusCode, code: &str, detail: &str, errors: Vec<FieldNote>) -> Answer {
    let request_id = current_request_id();
    let body = Problem {
        r#type: format!("urn:vestibule:problem:{code}"),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        detail: detail.to_owned(),
        code: code.to_owned(),
        instance: format!("urn:request:{}", request_id.as_deref().unwrap_or("unknown")),
        errors,
        error: None,
    };
    Answer::new(status, PROBLEM, json!(body))
}

impl FieldNote {
    fn of_rule(error: &FieldError) -> Self {
        Self {
            field: Native::field_name(error.field).to_owned(),
            code: error.rule.code().to_owned(),
            detail: say_rule(&error.rule),
        }
    }

    fn of_query(problem: &QueryProblem) -> Self {
        let (code, detail) = say_query(&problem.fault);
        Self { field: problem.name.clone().into_owned(), code: code.to_owned(), detail }
    }

    fn of_shape(problem: &FieldProblem) -> Self {
        let (code, detail) = say_shape(&problem.shape);
        Self { field: problem.field.clone(), code: code.to_owned(), detail }
    }
}
