//! The account that a path names, as far as it exists for whoever asks.

use axum::extract::{FromRequestParts, Path};
use domain::{Refusal, User};
use http::request::Parts;
use operations::accounts::find_visible;

use super::errors::Djoser;
use crate::kit::{Bearer, Failure, Front};

/// Looked up before the body is read, so that who may not see it hears nothing else.
pub(super) struct Target {
    pub(super) bearer: Bearer<Djoser>,
    pub(super) user: User,
}

impl FromRequestParts<Front> for Target {
    type Rejection = Failure<Djoser>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Self::Rejection> {
        let bearer = Bearer::from_request_parts(parts, front).await?;
        let id = Path::<String>::from_request_parts(parts, front).await;
        let number = id.ok().and_then(|Path(id)| id.trim().parse::<i64>().ok());
        let number = number.ok_or(Refusal::UserNotFound)?;
        let user = find_visible(&front.services, &bearer.user, number).await?;
        Ok(Self { bearer, user })
    }
}
