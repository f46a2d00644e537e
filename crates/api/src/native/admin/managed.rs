//! The service or the webhook that a path names, for somebody who may manage services.

use std::marker::PhantomData;

use axum::extract::{FromRequestParts, Path};
use domain::Refusal;
use http::request::Parts;
use operations::Context;
use uuid::Uuid;

use super::permitted::{Permitted, ToManageServices};
use crate::kit::{Failure, Front};
use crate::native::problem::Native;

/// What is managed by its id.
pub(super) trait Kind {
    /// What no id of this kind is told.
    const MISSING: Refusal;
}

pub(super) struct Managed<K> {
    pub(super) ctx: Context,
    pub(super) id: Uuid,
    kind: PhantomData<K>,
}

impl<K: Kind> FromRequestParts<Front> for Managed<K> {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Self::Rejection> {
        let permitted = Permitted::<ToManageServices>::from_request_parts(parts, front).await?;
        let id = Path::<String>::from_request_parts(parts, front).await;
        let id = id.ok().and_then(|Path(id)| Uuid::parse_str(&id).ok());
        Ok(Self { ctx: permitted.ctx, id: id.ok_or(K::MISSING)?, kind: PhantomData })
    }
}
