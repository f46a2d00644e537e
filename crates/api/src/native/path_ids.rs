//! The ids that a path names.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use uuid::Uuid;

use crate::kit::Front;

/// In the order of the path. What is no id becomes nil, which is nobody's: the operation says that
/// it names nothing, after it has looked who asks.
pub(super) struct PathIds<const N: usize>(pub(super) [Uuid; N]);

impl<const N: usize> FromRequestParts<Front> for PathIds<N> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Infallible> {
        let mut ids = [Uuid::nil(); N];
        if let Ok(texts) = RawPathParams::from_request_parts(parts, front).await {
            for (id, (_, text)) in ids.iter_mut().zip(&texts) {
                *id = Uuid::parse_str(text).unwrap_or_default();
            }
        }
        Ok(Self(ids))
    }
}
