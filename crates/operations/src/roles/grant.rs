//! Grant a role, revoke it, or say which ones an account has.

use domain::session::EndReason;
use domain::{Event, Permission, Refusal, RoleName, Status, User, UserId};
use storage::{Read, Tx, role_definitions, roles, sessions, users};

use crate::audit::Values;
use crate::authority;
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
    transact!(services, |tx| { grant_in(services, ctx, tx, id, role).await? })
}

/// In a transaction that does more.
pub(crate) async fn grant_in(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    role: &RoleName,
) -> Result<User> {
    let more = |held: &[RoleName]| [held, std::slice::from_ref(role)].concat();
    change_to(services, ctx, tx, id, role, more).await
}

/// Like [`grant`]; losing `admin` ends every session. The last active administrator keeps it.
pub async fn revoke(
    services: &Services,
    ctx: &Context,
    id: UserId,
    role: &RoleName,
) -> Result<User> {
    let fewer = |held: &[RoleName]| held.iter().filter(|held| *held != role).cloned().collect();
    transact!(services, |tx| { change_to(services, ctx, tx, id, role, fewer).await? })
}

/// These, and `user`, which everybody has; nothing else. All of it, or nothing.
pub async fn set(
    services: &Services,
    ctx: &Context,
    id: UserId,
    wanted: &[RoleName],
) -> Result<User> {
    let everybody = RoleName::new(RoleName::USER);
    transact!(services, |tx| {
        let (asking, user) = lock_holder(services, ctx, tx, id).await?;
        let wanted = [wanted, std::slice::from_ref(&everybody)].concat();
        change(services, ctx, tx, asking.as_ref(), &user, wanted).await?
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
    before: &mut Vec<RoleName>,
    user: &User,
    event: &Event,
) -> Result<()> {
    let held = roles::of_user(tx, user.id).await?.roles;
    let values = Values::of_roles(before, &held);
    *before = held;
    services.record_change(ctx, tx, user.id, event, &values).await
}

/// Nobody gives what he does not hold; `admin` is given by administrators only (AUZ-05). The role
/// stays as it is until the transaction ends.
pub(crate) async fn ensure_may_give(
    tx: &mut Tx,
    asking: Option<&User>,
    role: &RoleName,
) -> Result<()> {
    let role = role_definitions::find_locked(tx, role).await?.ok_or(Refusal::RoleNotFound)?;
    let Some(asking) = asking else { return Ok(()) };
    authority::ensure_may(asking, Permission::RolesGrant)?;
    if role.name.is_admin() && !asking.is_admin() {
        return Err(Refusal::PermissionMissing(Permission::RolesGrant).into());
    }
    Ok(authority::ensure_holds(asking, &role.permissions)?)
}

async fn change_to(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    role: &RoleName,
    wanted: impl Fn(&[RoleName]) -> Vec<RoleName>,
) -> Result<User> {
    let (asking, user) = lock_holder(services, ctx, tx, id).await?;
    ensure_exists(tx, role).await?;
    let wanted = wanted(&user.roles);
    change(services, ctx, tx, asking.as_ref(), &user, wanted).await
}

async fn lock_holder(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
) -> Result<(Option<User>, User)> {
    let asking = authority::asking(ctx, tx, Permission::RolesGrant).await?;
    authority::ensure_fresh(services, ctx)?;
    let user = users::find_locked(tx, id).await?.filter(User::is_present);
    let user = user.ok_or(Refusal::UserNotFound)?;
    if let Some(asking) = &asking {
        authority::ensure_not_above(asking, &user)?;
    }
    Ok((asking, user))
}

async fn ensure_exists(read: &mut Read, role: &RoleName) -> Result<()> {
    if roles::exists(read, role).await? { Ok(()) } else { Err(Refusal::RoleNotFound.into()) }
}

/// Each difference is an event of its own.
async fn change(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    asking: Option<&User>,
    user: &User,
    mut wanted: Vec<RoleName>,
) -> Result<User> {
    wanted.sort_unstable();
    wanted.dedup();
    let granted: Vec<&RoleName> = wanted.iter().filter(|role| !user.roles.contains(role)).collect();
    let revoked: Vec<&RoleName> = user.roles.iter().filter(|role| !wanted.contains(role)).collect();
    if granted.is_empty() && revoked.is_empty() {
        return Ok(user.clone());
    }
    let loses_admin = revoked.iter().any(|role| role.is_admin());
    if loses_admin {
        ensure_not_last_admin(tx, user).await?;
    }
    // The time of the change, not of the request: tokens minted in between are older.
    users::change_roles(tx, user, services.clock.now()).await?;
    let mut held = user.roles.clone();
    for role in granted {
        ensure_may_give(tx, asking, role).await?;
        roles::grant(tx, user.id, role, ctx.now).await?;
        let event = Event::RoleGranted { role: role.clone() };
        record(services, ctx, tx, &mut held, user, &event).await?;
    }
    for role in revoked {
        roles::revoke(tx, user.id, role).await?;
        let event = Event::RoleRevoked { role: role.clone() };
        record(services, ctx, tx, &mut held, user, &event).await?;
    }
    if loses_admin {
        sessions::end_all(tx, user.id, None, EndReason::RolesChanged, ctx.now).await?;
    }
    Ok(users::find(tx, user.id).await?.ok_or(Refusal::UserNotFound)?)
}
