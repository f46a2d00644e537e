//! Who may make, change and delete services.

use domain::{Actor, Permission, Refusal, Surface, TokenDefect, User};

use crate::context::Context;

/// What surfaces ask before anything else about services.
pub fn ensure_may_manage(user: &User) -> Result<(), Refusal> {
    let needed = Permission::ServicesManage;
    if user.may(needed) { Ok(()) } else { Err(Refusal::PermissionMissing(needed)) }
}

/// A secret outlives the session in which it was made: one that was opened where less is asked for
/// makes none, and takes none away (docs/decisions/0016).
pub(super) fn ensure_opened_here(ctx: &Context) -> Result<(), Refusal> {
    match ctx.actor {
        Actor::Operator => Ok(()),
        Actor::User(_) if ctx.session_surface == Some(Surface::Native) => Ok(()),
        Actor::User(_) => Err(Refusal::SignInHere),
        // A service has permissions of its own, and this is none of them.
        Actor::Service(_) => Err(Refusal::PermissionMissing(Permission::ServicesManage)),
        Actor::Anonymous | Actor::System => Err(Refusal::InvalidToken(TokenDefect::Missing)),
    }
}
