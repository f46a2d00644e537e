//! Change what a service may do.

use domain::service_account::parse_service_permissions;
use domain::{Field, FieldError, Permission, Refusal, ServiceAccount, ServiceAccountId};
use storage::{Tx, service_accounts};

use super::manage::{ensure_may_give, ensure_may_take};
use crate::audit::Values;
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
    let permitted: Result<ServiceAccount> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        change(services, ctx, tx, id, |held| [held, &given].concat()).await?
    });
    tell_log(ctx, permitted)
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
    let forbidden: Result<ServiceAccount> = transact!(services, |tx| {
        ensure_may_take(ctx, tx).await?;
        let kept = |held: &[Permission]| held.iter().copied().filter(is_kept).collect();
        change(services, ctx, tx, id, kept).await?
    });
    tell_log(ctx, forbidden)
}

async fn change(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: ServiceAccountId,
    wanted: impl Fn(&[Permission]) -> Vec<Permission>,
) -> Result<ServiceAccount> {
    let found = service_accounts::find_locked(tx, id).await?;
    let service = found.ok_or(Refusal::ServiceNotFound)?;
    let mut permissions = wanted(&service.permissions);
    permissions.sort_unstable();
    permissions.dedup();
    service_accounts::set_permissions(tx, id, &permissions).await?;
    let values = Values::of_permissions(&service.permissions, &permissions);
    services.note_change(ctx, tx, &id.to_string(), &values).await?;
    Ok(ServiceAccount { permissions, ..service })
}

fn tell_log(ctx: &Context, changed: Result<ServiceAccount>) -> Result<ServiceAccount> {
    let service = changed?;
    let now: Vec<&str> = service.permissions.iter().map(|may| may.as_str()).collect();
    tracing::info!(service = %service.id, permissions = now.join(" "), by = ctx.actor.as_str(), "service may do something else");
    Ok(service)
}

fn read(names: &[String]) -> Result<Vec<Permission>, Refusal> {
    parse_service_permissions(names).map_err(|rules| {
        let error = |rule| FieldError { field: Field::Permissions, rule };
        Refusal::Invalid(rules.into_iter().map(error).collect())
    })
}
