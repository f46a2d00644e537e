//! Which services there are.

use domain::{Refusal, ServiceAccount, ServiceAccountId};
use storage::service_accounts;

use super::manage::ensure_may_look;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Those that were not deleted, in the order of their names.
pub async fn list(services: &Services, ctx: &Context) -> Result<Vec<ServiceAccount>> {
    let read = &mut services.store.read().await?;
    ensure_may_look(ctx, read).await?;
    Ok(service_accounts::list(read).await?)
}

pub async fn find(
    services: &Services,
    ctx: &Context,
    id: ServiceAccountId,
) -> Result<ServiceAccount> {
    let read = &mut services.store.read().await?;
    ensure_may_look(ctx, read).await?;
    let found = service_accounts::find(read, id).await?;
    Ok(found.ok_or(Refusal::ServiceNotFound)?)
}

pub async fn find_by_name(
    services: &Services,
    ctx: &Context,
    name: &str,
) -> Result<ServiceAccount> {
    let read = &mut services.store.read().await?;
    ensure_may_look(ctx, read).await?;
    let found = service_accounts::find_by_name(read, name).await?;
    Ok(found.ok_or(Refusal::ServiceNotFound)?)
}
