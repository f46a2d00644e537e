//! Change what a service may do.

use domain::service_account::parse_service_permissions;
use domain::{Field, FieldError, Permission, Refusal, ServiceAccount, ServiceAccountId};
use storage::service_accounts;

use super::manage::ensure_opened_here;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Gives these permissions beside those that it has.
pub async fn permit(
    services: &Services,
    ctx: &Context,
    id: ServiceAccountId,
    names: &[String],
) -> Result<ServiceAccount> {
    let given = read(names)?;
    change(services, ctx, id, |held| [held, &given].concat()).await
}

/// Takes these permissions away.
pub async fn forbid(
    services: &Services,
    ctx: &Context,
    id: ServiceAccountId,
    names: &[String],
) -> Result<ServiceAccount> {
    let taken = read(names)?;
    let is_kept = |permission: &Permission| !taken.contains(permission);
    change(services, ctx, id, |held| held.iter().copied().filter(is_kept).collect()).await
}

async fn change(
    services: &Services,
    ctx: &Context,
    id: ServiceAccountId,
    wanted: impl Fn(&[Permission]) -> Vec<Permission>,
) -> Result<ServiceAccount> {
    ensure_opened_here(ctx)?;
    let changed: Result<ServiceAccount> = transact!(services, |tx| {
        let found = service_accounts::find_locked(tx, id).await?;
        let service = found.ok_or(Refusal::ServiceNotFound)?;
        let mut permissions = wanted(&service.permissions);
        permissions.sort_unstable();
        permissions.dedup();
        service_accounts::set_permissions(tx, id, &permissions).await?;
        ServiceAccount { permissions, ..service }
    });
    let service = changed?;
    let now: Vec<&str> = service.permissions.iter().map(|may| may.as_str()).collect();
    tracing::info!(service = %id, permissions = now.join(" "), by = ctx.actor.as_str(), "service may do something else");
    Ok(service)
}

fn read(names: &[String]) -> Result<Vec<Permission>, Refusal> {
    parse_service_permissions(names).map_err(|rules| {
        let error = |rule| FieldError { field: Field::Permissions, rule };
        Refusal::Invalid(rules.into_iter().map(error).collect())
    })
}
