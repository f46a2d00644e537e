//! The sessions of others, for administrators and the operator.

use domain::session::EndReason;
use domain::{Actor, Permission, Refusal, Session, SessionId, TokenDefect, User, UserId};
use storage::{Read, Tx, users};

use super::list::list;
use super::revoke::{end_all, end_one};
use crate::accounts::{ensure_may, ensure_not_above};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

const REASON: EndReason = EndReason::RevokedByAdministrator;

/// The live sessions of any account that is there, for whoever may read it.
pub async fn list_of(services: &Services, ctx: &Context, id: UserId) -> Result<Vec<Session>> {
    let mut read = services.store.read().await?;
    find_asking(ctx, &mut read, Permission::UsersRead).await?;
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

/// Whoever may not do this hears so, whether there is such an account or not.
async fn lock_target(ctx: &Context, tx: &mut Tx, id: UserId) -> Result<()> {
    let asking = find_asking(ctx, tx, Permission::UsersBlock).await?;
    let target = users::find_locked(tx, id).await?;
    let target = target.filter(User::is_present).ok_or(Refusal::UserNotFound)?;
    if let Some(asking) = asking {
        ensure_not_above(&asking, &target)?;
    }
    Ok(())
}

/// Read again, so that a permission that is gone is gone at once. The operator has no account.
async fn find_asking(
    ctx: &Context,
    read: &mut Read,
    permission: Permission,
) -> Result<Option<User>> {
    match ctx.actor {
        Actor::Operator => Ok(None),
        Actor::User(id) => {
            let user = users::find(read, id).await?.ok_or(Refusal::AccountGone)?;
            user.ensure_active()?;
            ensure_may(&user, permission)?;
            Ok(Some(user))
        }
        // A service has permissions of its own, and this is none of them.
        Actor::Service(_) => Err(Refusal::PermissionMissing(permission).into()),
        Actor::Anonymous | Actor::System => Err(Refusal::InvalidToken(TokenDefect::Missing).into()),
    }
}
