//! Delete a service.

use domain::{Refusal, ServiceAccountId};
use storage::service_accounts;

use super::manage::ensure_opened_here;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Its secrets are good no more, and its name is free.
pub async fn delete(services: &Services, ctx: &Context, id: ServiceAccountId) -> Result<()> {
    ensure_opened_here(ctx)?;
    let deleted: Result<()> = transact!(services, |tx| {
        if !service_accounts::revoke(tx, id, ctx.now).await? {
            return Err(Refusal::ServiceNotFound.into());
        }
    });
    deleted?;
    tracing::info!(service = %id, by = ctx.actor.as_str(), "service deleted");
    Ok(())
}
