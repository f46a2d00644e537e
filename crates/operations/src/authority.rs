//! Who may do what to whom: asked by operations, never by surfaces.

use domain::{Actor, Permission, Refusal, TokenDefect, User};
use storage::{Read, users};

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
            user.ensure_active()?;
            ensure_may(&user, permission)?;
            Ok(Some(user))
        }
        // A service has permissions of its own, and this is none of them.
        Actor::Service(_) => Err(Refusal::PermissionMissing(permission).into()),
        Actor::Operator | Actor::System => Ok(None),
        Actor::Anonymous => Err(Refusal::InvalidToken(TokenDefect::Missing).into()),
    }
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

pub(crate) fn ensure_may(user: &User, permission: Permission) -> Result<(), Refusal> {
    if user.may(permission) { Ok(()) } else { Err(Refusal::PermissionMissing(permission)) }
}

/// Whoever is no administrator does not touch one (AUZ-05).
pub(crate) fn ensure_not_above(asking: &User, target: &User) -> Result<(), Refusal> {
    if target.is_admin() && !asking.is_admin() {
        return Err(Refusal::PermissionMissing(Permission::RolesGrant));
    }
    Ok(())
}
