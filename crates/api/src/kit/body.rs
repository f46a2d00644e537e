//! JSON in; whatever is wrong with it is already refused in the words of the surface.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;

use super::dialect::{Dialect, Rejection};
use super::failure::Failure;
use super::fields::{FieldProblem, Fields, FromFields, Shape, UnknownFields};
use super::json::{self, Malformed};
use super::state::{ApiSettings, Front};

pub(crate) struct Body<D, T> {
    pub(crate) value: T,
    dialect: PhantomData<D>,
}

/// A body that may be missing: every field is then absent.
pub(crate) struct OptionalBody<D, T> {
    pub(crate) value: T,
    dialect: PhantomData<D>,
}

impl<D: Dialect, T: FromFields> FromRequest<Front> for Body<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let is_json = is_json(&request);
        let query = query(&request);
        let bytes = read(request, &front.settings).await?;
        if !is_json {
            return Err(Rejection::UnsupportedMediaType.into());
        }
        Ok(Self { value: parse::<D, T>(&bytes, &query)?, dialect: PhantomData })
    }
}

impl<D: Dialect, T: FromFields> FromRequest<Front> for OptionalBody<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let is_json = is_json(&request);
        let query = query(&request);
        let bytes = read(request, &front.settings).await?;
        if !is_json && !bytes.is_empty() {
            return Err(Rejection::UnsupportedMediaType.into());
        }
        let bytes = if bytes.is_empty() { Bytes::from_static(b"{}") } else { bytes };
        Ok(Self { value: parse::<D, T>(&bytes, &query)?, dialect: PhantomData })
    }
}

/// `application/json` or `application/…+json`; also what keeps plain HTML forms out (API-04).
fn is_json(request: &Request) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or("").trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn query(request: &Request) -> String {
    request.uri().query().unwrap_or_default().to_owned()
}

/// The whole body, bounded in size and time.
async fn read(request: Request, settings: &ApiSettings) -> Result<Bytes, Rejection> {
    let limit = settings.max_body_bytes;
    let body = Limited::new(request.into_body(), limit).collect();
    match tokio::time::timeout(settings.body_timeout, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Rejection::BodyTooLarge { limit }),
        Ok(Err(_)) => Err(Rejection::BodyUnreadable),
        Err(_) => Err(Rejection::BodyTooSlow),
    }
}

fn parse<D: Dialect, T: FromFields>(bytes: &[u8], query: &str) -> Result<T, Rejection> {
    let object = match json::parse(bytes)? {
        Value::Object(object) => object,
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)) => {
            return Err(Rejection::NotAnObject { found: json::type_name(&other) });
        }
    };
    let mut fields = Fields::new(object);
    let value = T::from_fields(&mut fields);
    if D::UNKNOWN_FIELDS == UnknownFields::Refused
        && let Some(field) = fields.named_in(query)
    {
        return Err(Rejection::FieldInQuery(FieldProblem::new(field, Shape::Duplicate)));
    }
    let problems = fields.finish(D::UNKNOWN_FIELDS);
    if problems.is_empty() { Ok(value) } else { Err(Rejection::Fields(problems)) }
}

impl From<Malformed> for Rejection {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Syntax(reason) => Self::MalformedJson(reason),
            Malformed::DuplicateKey(key) => {
                Self::DuplicateKey(FieldProblem::new(&key, Shape::Duplicate))
            }
        }
    }
}
