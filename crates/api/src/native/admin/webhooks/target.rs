//! The webhook that a path names, for somebody who may manage services.

use axum::extract::{FromRequestParts, Path};
use domain::Refusal;
use http::request::Parts;
use operations::Context;
use uuid::Uuid;

use crate::kit::{Failure, Front};
use crate::native::admin::permitted::{Permitted, ToManageServices};
use crate::native::problem::Native;

pub(super) struct Target {
    pub(super) ctx: Context,
    pub(super) id: Uuid,
}

impl FromRequestParts<Front> for Target {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Self::Rejection> {
        let permitted = Permitted::<ToManageServices>::from_request_parts(parts, front).await?;
        let id = Path::<String>::from_request_parts(parts, front).await;
        let id = id.ok().and_then(|Path(id)| Uuid::parse_str(&id).ok());
        Ok(Self { ctx: permitted.ctx, id: id.ok_or(Refusal::WebhookNotFound)? })
    }
}
