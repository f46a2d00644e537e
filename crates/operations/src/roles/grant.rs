//! Grant a role, and revoke it.

use domain::session::EndReason;
use domain::{Event, Refusal, RoleName, Status, User, UserId};
use storage::{Tx, roles, sessions, users};

use crate::audit::Values;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Access tokens minted before are refused; refresh tokens mint the new roles.
pub async fn grant(
    services: &Services,
    ctx: &Context,
    id: UserId,
    role: &RoleName,
) -> Result<User> {
    transact!(services, |tx| {
        let user = holder(tx, id, role).await?;
        if roles::grant(tx, id, role, ctx.now).await? {
            // The time of the change, not of the request: tokens minted in between are older.
            users::change_roles(tx, &user, services.clock.now()).await?;
            let event = Event::RoleGranted { role: role.clone() };
            record(services, ctx, tx, &user, &event).await?;
        }
        users::find(tx, id).await?.ok_or(Refusal::UserNotFound)?
    })
}

/// Like [`grant`]; losing `admin` ends every session. The last active administrator keeps it.
pub async fn revoke(
    services: &Services,
    ctx: &Context,
    id: UserId,
    role: &RoleName,
) -> Result<User> {
    transact!(services, |tx| {
        let user = holder(tx, id, role).await?;
        if role.is_admin() {
            ensure_not_last_admin(tx, &user).await?;
        }
        if roles::revoke(tx, id, role).await? {
            users::change_roles(tx, &user, services.clock.now()).await?;
            if role.is_admin() {
                sessions::end_all(tx, id, None, EndReason::RolesChanged, ctx.now).await?;
            }
            let event = Event::RoleRevoked { role: role.clone() };
            record(services, ctx, tx, &user, &event).await?;
        }
        users::find(tx, id).await?.ok_or(Refusal::UserNotFound)?
    })
}

/// Refuses to let the last active administrator go. Whoever asks takes turns, so that two cannot
/// remove each other (AUZ-08).
pub(crate) async fn ensure_not_last_admin(tx: &mut Tx, user: &User) -> Result<()> {
    if !user.is_admin() || user.status != Status::Active {
        return Ok(());
    }
    let admin = RoleName::new(RoleName::ADMIN);
    roles::lock(tx, &admin).await?;
    if roles::count_active(tx, &admin).await? > 1 { Ok(()) } else { Err(Refusal::LastAdmin.into()) }
}

/// With the roles that there were and those that there are.
async fn record(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    event: &Event,
) -> Result<()> {
    let held = roles::of_user(tx, user.id).await?.roles;
    let values = Values::of_roles(&user.roles, &held);
    services.record_change(ctx, tx, user.id, event, &values).await
}

async fn holder(tx: &mut Tx, id: UserId, role: &RoleName) -> Result<User> {
    if !roles::exists(tx, role).await? {
        return Err(Refusal::RoleNotFound.into());
    }
    let user = users::find_locked(tx, id).await?.filter(User::is_present);
    Ok(user.ok_or(Refusal::UserNotFound)?)
}
