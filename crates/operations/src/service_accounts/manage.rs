//! Who may make, change and delete services.

use domain::{Actor, Permission, Refusal, Surface};
use storage::{Read, Tx};

use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Whoever may see what services there are.
pub(crate) async fn ensure_may_look(ctx: &Context, read: &mut Read) -> Result<()> {
    authority::asking(ctx, read, Permission::ServicesManage).await.map(drop)
}

/// Whoever may take something from a service, however long ago he signed in. A secret outlives the
/// session in which it was made: one that was opened where less is asked for makes none, and takes
/// none away (docs/decisions/0016).
pub(crate) async fn ensure_may_take(ctx: &Context, tx: &mut Tx) -> Result<()> {
    ensure_may_look(ctx, tx).await?;
    let is_elsewhere = ctx.session_surface != Some(Surface::Native);
    if matches!(ctx.actor, Actor::User(_)) && is_elsewhere {
        return Err(Refusal::SignInHere.into());
    }
    Ok(())
}

/// Whoever may give something to a service: with a token that was stolen long after its owner
/// signed in, nobody makes a secret that outlives it (AUZ-09).
pub(crate) async fn ensure_may_give(services: &Services, ctx: &Context, tx: &mut Tx) -> Result<()> {
    ensure_may_take(ctx, tx).await?;
    Ok(authority::ensure_fresh(services, ctx)?)
}
