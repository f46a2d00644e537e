//! The `Idempotency-Key` header (an IETF draft): one request, however often it is sent.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderName;
use http::request::Parts;

use super::state::Front;

pub(super) const NAME: HeaderName = HeaderName::from_static("idempotency-key");

/// Unchecked; what is no text at all is handed on as one that no operation accepts.
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl FromRequestParts<Front> for IdempotencyKey {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Infallible> {
        let key = parts.headers.get(&NAME);
        Ok(Self(key.map(|key| key.to_str().unwrap_or_default().to_owned())))
    }
}
