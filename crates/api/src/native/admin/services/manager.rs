//! Somebody who may manage services, and the service that a path names.

use axum::extract::{FromRequestParts, Path};
use domain::{Refusal, ServiceAccountId};
use http::request::Parts;
use operations::Context;
use operations::service_accounts::ensure_may_manage;
use uuid::Uuid;

use crate::kit::{Bearer, Failure, Front};
use crate::native::problem::Native;

/// Asked for before the body is read.
pub(super) struct Manager {
    pub(super) ctx: Context,
}

pub(super) struct Target {
    pub(super) ctx: Context,
    pub(super) id: ServiceAccountId,
}

impl FromRequestParts<Front> for Manager {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Self::Rejection> {
        let bearer = Bearer::<Native>::from_request_parts(parts, front).await?;
        ensure_may_manage(&bearer.user)?;
        Ok(Self { ctx: bearer.ctx })
    }
}

impl FromRequestParts<Front> for Target {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Self::Rejection> {
        let Manager { ctx } = Manager::from_request_parts(parts, front).await?;
        let id = Path::<String>::from_request_parts(parts, front).await;
        let id = id.ok().and_then(|Path(id)| Uuid::parse_str(&id).ok());
        let id = ServiceAccountId(id.ok_or(Refusal::ServiceNotFound)?);
        Ok(Self { ctx, id })
    }
}
