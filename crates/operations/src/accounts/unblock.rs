//! Let somebody in again: by hand, or because the time of the block is over.

use domain::{Actor, Event, Permission, Refusal, Status, Timestamp, User, UserId};
use storage::{Tx, blocks, users};

use crate::audit::Values;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

pub async fn unblock(services: &Services, ctx: &Context, id: UserId) -> Result<User> {
    transact!(services, |tx| { unblock_in(services, ctx, tx, id).await? })
}

/// In a transaction that does more.
pub(crate) async fn unblock_in(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
) -> Result<User> {
    let user = authority::lock_target(ctx, tx, Permission::UsersBlock, id).await?;
    if !user.is_present() {
        return Err(Refusal::UserNotFound.into());
    }
    let user = lift_when_over(services, ctx, tx, user).await?;
    if matches!(user.status, Status::Blocked { .. }) {
        lift(services, ctx, tx, &user).await?;
    }
    Ok(users::find(tx, id).await?.ok_or(Refusal::UserNotFound)?)
}

/// The job that a block for a while promised. It looks again: the block may be another one by
/// now, or none. Answers when it is to be asked again, where its time has not come.
pub(crate) async fn lift_at_its_end(
    services: &Services,
    ctx: &Context,
    id: UserId,
) -> Result<Option<Timestamp>> {
    transact!(services, |tx| {
        let Some(user) = users::find_locked(tx, id).await? else { return Ok(None) };
        match lift_when_over(services, ctx, tx, user).await?.status {
            Status::Blocked { until } => until,
            Status::Active | Status::Deleted { .. } | Status::Purged => None,
        }
    })
}

/// Makes true what the clock says already: the account as it is afterwards. Whoever opens the door
/// before the job came calls this, so that status and events are right from then on. The account
/// is locked by the caller.
pub(crate) async fn lift_when_over(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: User,
) -> Result<User> {
    if !user.is_block_over(ctx.now) {
        return Ok(user);
    }
    lift(services, &ctx.acting_as(Actor::System), tx, &user).await?;
    Ok(users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?)
}

pub(super) async fn lift(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<()> {
    users::change_security(tx, user, ctx.now).await?;
    users::unblock(tx, user.id).await?;
    blocks::delete(tx, user.id).await?;
    let values = Values::of_status(user.status, Status::Active);
    services.record_change(ctx, tx, user.id, &Event::UserUnblocked, &values).await
}
