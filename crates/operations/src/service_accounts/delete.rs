//! Delete a service.

use domain::{Refusal, ServiceAccountId};
use storage::service_accounts;

use super::manage::ensure_may_take;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Its secrets are good no more, and its name is free.
pub async fn delete(services: &Services, ctx: &Context, id: ServiceAccountId) -> Result<()> {
    let deleted: Result<()> = transact!(services, |tx| {
        ensure_may_take(ctx, tx).await?;
        if !service_accounts::revoke(tx, id, ctx.now).await? {
            return Err(Refusal::ServiceNotFound.into());
        }
    });
    deleted?;
    tracing::info!(service = %id, by = ctx.actor.as_str(), "service deleted");
    Ok(())
}
