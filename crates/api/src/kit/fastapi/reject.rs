//! What FastAPI says of requests that cannot be read.

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use super::errors::{Texts, list_of_fields, list_of_query, malformed_json, no_object};
use crate::kit::{Answer, Rejection};

pub(super) const JSON: &str = "application/json";

/// `{"detail": …}`
pub(crate) fn detail(status: StatusCode, detail: impl Into<Value>) -> Answer {
    Answer::new(status, JSON, json!({ "detail": detail.into() }))
}

/// 401 `{"detail": …}`
pub(crate) fn unauthorized(text: &str) -> Answer {
    let answer = detail(StatusCode::UNAUTHORIZED, text);
    answer.with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// All but a header without a token, which each dialect has words of its own for.
pub(crate) fn reject<D: Texts>(rejection: &Rejection, no_token: Answer) -> Answer {
    use StatusCode as S;
    const INVALID: S = S::UNPROCESSABLE_ENTITY;
    match rejection {
        Rejection::MalformedJson(fault) => {
            detail(INVALID, malformed_json::<D>(&fault.message, fault.position))
        }
        Rejection::UndecodableText(_)
        | Rejection::UndecodableForm(_)
        | Rejection::BodyUnreadable => {
            detail(S::BAD_REQUEST, "There was an error parsing the body")
        }
        Rejection::NotAnObject { found } => detail(INVALID, no_object::<D>(found)),
        Rejection::Fields { problems, sent } => {
            detail(INVALID, list_of_fields::<D>(problems, sent))
        }
        Rejection::DuplicateKey(problem) | Rejection::FieldInQuery(problem) => {
            detail(INVALID, list_of_fields::<D>(std::slice::from_ref(problem), &Value::Null))
        }
        Rejection::Query(problems) => detail(INVALID, list_of_query::<D>(problems)),
        Rejection::AuthorizationHeader => no_token,
        Rejection::TokenTwice => detail(S::BAD_REQUEST, "Send one token, in the header"),
        Rejection::UnsupportedMediaType { .. } => {
            detail(S::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type")
        }
        Rejection::NotAcceptable { .. } => detail(S::NOT_ACCEPTABLE, "Not Acceptable"),
        Rejection::BodyTooLarge { .. } => detail(S::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
        Rejection::BodyTooSlow => detail(S::REQUEST_TIMEOUT, "Request Timeout"),
        Rejection::ForeignOrigin => detail(S::FORBIDDEN, "Forbidden"),
        Rejection::NotFound => detail(S::NOT_FOUND, "Not Found"),
        Rejection::MethodNotAllowed { allow, .. } => {
            detail(S::METHOD_NOT_ALLOWED, "Method Not Allowed").allowing(allow.as_deref())
        }
    }
}
