//! Somebody who may read any account.

use axum::extract::FromRequestParts;
use http::request::Parts;
use operations::Context;
use operations::accounts::ensure_may_read;

use crate::kit::{Bearer, Failure, Front};
use crate::native::problem::Native;

/// Asked for before query or body are read: who may not, hears so first.
pub(super) struct UserReader {
    pub(super) ctx: Context,
}

impl FromRequestParts<Front> for UserReader {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Self::Rejection> {
        let bearer = Bearer::<Native>::from_request_parts(parts, front).await?;
        ensure_may_read(&bearer.user)?;
        Ok(Self { ctx: bearer.ctx })
    }
}
