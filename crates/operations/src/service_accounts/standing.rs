//! Whether a service that proved itself a while ago may still do what it does: for answers that take long.

use domain::{Actor, Permission, Refusal};
use storage::service_accounts;

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Refuses a service that was deleted meanwhile or lost the permission, as its next request would be.
pub async fn ensure_still_may(
    services: &Services,
    ctx: &Context,
    needed: Permission,
) -> Result<()> {
    let Actor::Service(id) = ctx.actor else { return Err(Refusal::InvalidClient.into()) };
    let mut read = services.store.read().await?;
    let service = service_accounts::find(&mut read, id).await?.ok_or(Refusal::InvalidClient)?;
    if service.may(needed) { Ok(()) } else { Err(Refusal::PermissionMissing(needed).into()) }
}
