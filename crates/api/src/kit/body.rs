//! Bodies in; whatever is wrong with one is already refused in the words of the surface.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::bearer::Bearer;
use super::dialect::Dialect;
use super::failure::Failure;
use super::fields::{FieldProblem, Fields, FromFields, Reading, Shape};
use super::manners::Manners;
use super::rejection::Rejection;
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

/// A body where the original took none: what cannot be read is not there.
pub(crate) struct StrayBody<D, T> {
    pub(crate) value: T,
    dialect: PhantomData<D>,
}

/// A body, and whoever sent it. Which of the two is refused first is up to the dialect.
pub(crate) struct SentBy<D, T> {
    pub(crate) bearer: Bearer<D>,
    pub(crate) value: T,
}

/// A body as it came, within the limits of size and time.
#[derive(Debug)]
pub(crate) struct SentBody {
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

impl<D: Dialect, T: FromFields> FromRequest<Front> for Body<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let (query, value) = read::<D>(request, front, T::ROOM).await?;
        let value = parse_beside::<D, T>(front, &query, value)?;
        Ok(Self { value, dialect: PhantomData })
    }
}

impl<D: Dialect, T: FromFields> FromRequest<Front> for OptionalBody<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let (query, body) = SentBody::receive(request, &front.settings, T::ROOM).await?;
        let value = if body.bytes.is_empty() {
            Value::Object(Map::new())
        } else {
            D::Manners::read_body(body).await?
        };
        let value = parse_beside::<D, T>(front, &query, value)?;
        Ok(Self { value, dialect: PhantomData })
    }
}

impl<D: Dialect, T: FromFields> FromRequest<Front> for StrayBody<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let value = match read::<D>(request, front, T::ROOM).await {
            Ok((_, value @ Value::Object(_))) => value,
            Ok(_) | Err(_) => Value::Object(Map::new()),
        };
        Ok(Self { value: parse::<D, T>(front, value)?, dialect: PhantomData })
    }
}

impl<D: Dialect, T: FromFields> FromRequest<Front> for SentBy<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let (mut parts, body) = request.into_parts();
        let (bearer, (query, value)) = if D::Manners::BODY_FIRST {
            let request = Request::from_parts(parts.clone(), body);
            let read = read::<D>(request, front, T::ROOM).await?;
            (Bearer::from_request_parts(&mut parts, front).await?, read)
        } else {
            let bearer = Bearer::from_request_parts(&mut parts, front).await?;
            (bearer, read::<D>(Request::from_parts(parts, body), front, T::ROOM).await?)
        };
        let value = parse_beside::<D, T>(front, &query, value)?;
        Ok(Self { bearer, value })
    }
}

impl SentBody {
    /// The query, and the whole body, bounded in size and time.
    pub(crate) async fn receive(
        request: Request,
        settings: &ApiSettings,
        room: usize,
    ) -> Result<(String, Self), Rejection> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type.map(|value| value.to_str().unwrap_or_default().to_owned());
        let query = request.uri().query().unwrap_or_default().to_owned();
        let limit = settings.max_body_bytes.max(room);
        let body = Limited::new(request.into_body(), limit).collect();
        let bytes = match tokio::time::timeout(settings.body_timeout, body).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return Err(Rejection::BodyTooLarge { limit });
            }
            Ok(Err(_)) => return Err(Rejection::BodyUnreadable),
            Err(_) => return Err(Rejection::BodyTooSlow),
        };
        Ok((query, Self { content_type, bytes }))
    }

    /// The media type in lower case, without its parameters; empty when there is none.
    pub(crate) fn media_type(&self) -> String {
        let content_type = self.content_type.as_deref().unwrap_or_default();
        content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// `application/json` or `application/…+json`.
    pub(crate) fn is_json(&self) -> bool {
        let essence = self.media_type();
        essence == "application/json"
            || (essence.starts_with("application/") && essence.ends_with("+json"))
    }
}

async fn read<D: Dialect>(
    request: Request,
    front: &Front,
    room: usize,
) -> Result<(String, Value), Rejection> {
    let (query, body) = SentBody::receive(request, &front.settings, room).await?;
    Ok((query, D::Manners::read_body(body).await?))
}

fn object(value: Value) -> Result<Map<String, Value>, Rejection> {
    match value {
        Value::Object(object) => Ok(object),
        found @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)) => Err(Rejection::NotAnObject { found }),
    }
}

/// A body whose fields stand in no query.
pub(super) fn parse<D: Dialect, T: FromFields>(
    front: &Front,
    value: Value,
) -> Result<T, Rejection> {
    parse_beside::<D, T>(front, "", value)
}

fn parse_beside<D: Dialect, T: FromFields>(
    front: &Front,
    query: &str,
    value: Value,
) -> Result<T, Rejection> {
    let object = object(value)?;
    let sent = object.clone();
    let mut fields = Fields::new(object, D::Manners::READING);
    let value = T::from_fields(&mut fields);
    if D::Manners::READING == Reading::Strict
        && let Some(field) = fields.named_in(query)
    {
        return Err(Rejection::FieldInQuery(FieldProblem::new(field, Shape::Duplicate)));
    }
    fields.note_rules(value.review(front.services.policy(D::SURFACE)), D::Manners::field_name);
    let problems = fields.finish();
    if problems.is_empty() {
        Ok(value)
    } else {
        Err(Rejection::Fields { problems, sent: Value::Object(sent) })
    }
}
