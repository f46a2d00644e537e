//! Bring a deleted account back.

use domain::refusal::Refusal;
use domain::token::SecretToken;
use domain::{Actor, Event, Identifier, Permission, RoleName, Status, Timestamp, User, UserId};
use storage::{Tx, jobs, roles, users};

use super::pending::withdraw_pending_email;
use super::unblock::lift_when_over;
use crate::audit::Values;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::purge_key;
use crate::services::Services;
use crate::tokens::digest_restoration;

pub struct Restore {
    /// What the account was known by; must fit the token.
    pub identifier: Identifier,
    pub token: SecretToken,
}

/// By the token that was mailed at deletion. No session returns, and no role beyond `user`: who
/// held more asks an administrator again (LIF-03).
pub async fn restore(services: &Services, ctx: &Context, request: &Restore) -> Result<User> {
    let digest = digest_restoration(&request.token);
    transact!(services, |tx| {
        let found = users::find_by_restoration(tx, &digest).await?;
        let id = found.ok_or(Refusal::RestorationInvalid)?.id;
        let user = users::find_locked(tx, id).await?.ok_or(Refusal::RestorationInvalid)?;
        // Once more under the lock: a newer deletion has a token of its own.
        if users::find_by_restoration(tx, &digest).await?.is_none() {
            return Err(Refusal::RestorationInvalid.into());
        }
        let purge_at = restorable_until(&user)?;
        let named = users::find_by_identifier(tx, &request.identifier).await?;
        if named.is_none_or(|named| named.id != id) {
            return Err(Refusal::RestorationInvalid.into());
        }
        if ctx.now >= purge_at {
            return Err(Refusal::RestorationExpired.into());
        }
        let ctx = ctx.acting_as(Actor::User(id));
        drop_roles(services, &ctx, tx, &user).await?;
        bring_back(services, &ctx, tx, &user, purge_at).await?
    })
}

/// By an administrator or the operator, who vouches for the owner and for the roles. What is not
/// deleted stays as it is. Not when the time is over, even if the purge has yet to run: after a
/// final deletion the identifiers are gone already.
pub async fn restore_by_operator(services: &Services, ctx: &Context, id: UserId) -> Result<User> {
    transact!(services, |tx| {
        let user = authority::lock_target(ctx, tx, Permission::UsersDelete, id).await?;
        authority::ensure_fresh(services, ctx)?;
        match user.status {
            Status::Active | Status::Blocked { .. } => user,
            Status::Deleted { purge_at } if ctx.now >= purge_at => {
                return Err(Refusal::RestorationExpired.into());
            }
            Status::Purged => return Err(Refusal::RestorationExpired.into()),
            Status::Deleted { purge_at } => bring_back(services, ctx, tx, &user, purge_at).await?,
        }
    })
}

/// Purged accounts are past restoring; those that are not deleted have no token.
fn restorable_until(user: &User) -> Result<Timestamp, Refusal> {
    match user.status {
        Status::Deleted { purge_at } => Ok(purge_at),
        Status::Purged => Err(Refusal::RestorationExpired),
        Status::Active | Status::Blocked { .. } => Err(Refusal::RestorationInvalid),
    }
}

async fn drop_roles(services: &Services, ctx: &Context, tx: &mut Tx, user: &User) -> Result<()> {
    let mut left = user.roles.clone();
    for role in user.roles.iter().filter(|role| role.as_str() != RoleName::USER) {
        roles::revoke(tx, user.id, role).await?;
        let before = left.clone();
        left.retain(|other| other != role);
        let values = Values::of_roles(&before, &left);
        let event = Event::RoleRevoked { role: role.clone() };
        services.record_change(ctx, tx, user.id, &event, &values).await?;
    }
    Ok(())
}

async fn bring_back(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    purge_at: Timestamp,
) -> Result<User> {
    users::change_security(tx, user, ctx.now).await?;
    users::restore(tx, user.id).await?;
    // Who asked for it may have deleted the account.
    withdraw_pending_email(services, ctx, tx, user).await?;
    jobs::cancel(tx, &purge_key(user.id, purge_at)).await?;
    let restored = users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?;
    let values = Values::of_status(user.status, restored.status);
    services.record_change(ctx, tx, user.id, &Event::UserRestored, &values).await?;
    // Its end may have come, and gone by, while the account was deleted.
    lift_when_over(services, ctx, tx, restored).await
}
