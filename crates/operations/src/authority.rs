//! Who may do what to whom: asked by operations, never by surfaces.

use domain::{Actor, Permission, Refusal, TokenDefect, User, UserId};
use storage::{Read, Tx, users};

use crate::commands::Source;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Whoever asks, when he may. Read again, so that a permission that is gone is gone at once. The
/// operator and jobs have no account, and may everything.
pub(crate) async fn asking(
    ctx: &Context,
    read: &mut Read,
    permission: Permission,
) -> Result<Option<User>> {
    match ctx.actor {
        Actor::User(id) => {
            let user = users::find(read, id).await?.ok_or(Refusal::AccountGone)?;
            user.ensure_active(ctx.now)?;
            ensure_may(&user, permission)?;
            Ok(Some(user))
        }
        // A service has permissions of its own, and this is none of them.
        Actor::Service(_) => Err(Refusal::PermissionMissing(permission).into()),
        // What a source may do was asked when its command was read.
        Actor::Operator | Actor::System | Actor::Source(_) => Ok(None),
        Actor::Anonymous => Err(Refusal::InvalidToken(TokenDefect::Missing).into()),
    }
}

/// The locked account, in whatever state it is, for whoever may do this to it. Whoever may not hears
/// so, whether there is such an account or not.
pub(crate) async fn lock_target(
    ctx: &Context,
    tx: &mut Tx,
    permission: Permission,
    id: UserId,
) -> Result<User> {
    let asking = asking(ctx, tx, permission).await?;
    let target = users::find_locked(tx, id).await?.ok_or(Refusal::UserNotFound)?;
    if let Some(asking) = &asking {
        ensure_not_above(asking, &target)?;
    }
    Ok(target)
}

/// Refuses whoever signed in too long ago, or elsewhere, where less may be asked for: what a stolen
/// token must not do. The operator and jobs prove nothing.
pub(crate) fn ensure_fresh(services: &Services, ctx: &Context) -> Result<(), Refusal> {
    let (Actor::User(_), Some(opened_at)) = (ctx.actor, ctx.session_opened_at) else {
        return Ok(());
    };
    if ctx.session_surface != Some(ctx.policy.surface) {
        return Err(Refusal::SignInHere);
    }
    let is_fresh = ctx.now.since(opened_at) <= services.sessions.fresh_for;
    if is_fresh { Ok(()) } else { Err(Refusal::SignInAgain) }
}

/// Refuses whoever would get round the proof that his own account asks of him: the current password,
/// and the link that undoes a change.
pub(crate) fn ensure_other(ctx: &Context, target: UserId) -> Result<(), Refusal> {
    if ctx.actor == Actor::User(target) { Err(Refusal::OwnAccount) } else { Ok(()) }
}

/// What surfaces ask before they read a body; operations ask again.
pub fn ensure_may(user: &User, permission: Permission) -> Result<(), Refusal> {
    if user.may(permission) { Ok(()) } else { Err(Refusal::PermissionMissing(permission)) }
}

/// Whoever is no administrator touches neither one nor anybody who may more than himself: he could
/// become them by another address or password (AUZ-05).
pub(crate) fn ensure_not_above(asking: &User, target: &User) -> Result<(), Refusal> {
    if asking.is_admin() {
        return Ok(());
    }
    if target.is_admin() {
        return Err(Refusal::PermissionMissing(Permission::RolesGrant));
    }
    ensure_holds(asking, &target.permissions)
}

/// The same of a source, by the permissions that its commands come to.
pub(crate) fn ensure_source_not_above(source: &Source, target: &User) -> Result<(), Refusal> {
    if source.manages_administrators {
        return Ok(());
    }
    if target.is_admin() {
        return Err(Refusal::PermissionMissing(Permission::RolesGrant));
    }
    let missing = target.permissions.iter().find(|permission| !source.may(**permission));
    missing.map_or(Ok(()), |missing| Err(Refusal::PermissionMissing(*missing)))
}

/// Refuses to hand out what one does not hold.
pub(crate) fn ensure_holds(asking: &User, permissions: &[Permission]) -> Result<(), Refusal> {
    match permissions.iter().find(|permission| !asking.may(**permission)) {
        Some(missing) => Err(Refusal::PermissionMissing(*missing)),
        None => Ok(()),
    }
}
