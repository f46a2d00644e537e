//! The sessions of others, for administrators and the operator.

use domain::session::EndReason;
use domain::{Permission, Refusal, Session, SessionId, User, UserId};
use storage::{Tx, users};

use super::list::list;
use super::revoke::{end_all, end_one};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

const REASON: EndReason = EndReason::RevokedByAdministrator;

/// The live sessions of any account that is there, for whoever may read it.
pub async fn list_of(services: &Services, ctx: &Context, id: UserId) -> Result<Vec<Session>> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    let user = users::find(&mut read, id).await?;
    let user = user.filter(User::is_present).ok_or(Refusal::UserNotFound)?;
    drop(read);
    list(services, ctx, user.id).await
}

/// Ends one session, for whoever may keep people out.
pub async fn revoke_of(
    services: &Services,
    ctx: &Context,
    id: UserId,
    session: SessionId,
) -> Result<()> {
    transact!(services, |tx| {
        lock_target(ctx, tx, id).await?;
        end_one(services, ctx, tx, id, session, REASON).await?;
    })
}

/// Ends all of them; one's own, too.
pub async fn revoke_all_of(services: &Services, ctx: &Context, id: UserId) -> Result<()> {
    transact!(services, |tx| {
        lock_target(ctx, tx, id).await?;
        end_all(services, ctx, tx, id, None, REASON).await?;
    })
}

async fn lock_target(ctx: &Context, tx: &mut Tx, id: UserId) -> Result<()> {
    let target = authority::lock_target(ctx, tx, Permission::UsersBlock, id).await?;
    if target.is_present() { Ok(()) } else { Err(Refusal::UserNotFound.into()) }
}
