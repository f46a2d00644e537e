//! Block an account, and unblock it.

use domain::session::EndReason;
use domain::{Event, Refusal, Status, User, UserId};
use storage::{Tx, confirmations, sessions, users};

use crate::audit::Values;
use crate::context::Context;
use crate::error::Result;
use crate::roles::ensure_not_last_admin;
use crate::services::Services;

/// Ends every session; a blocked account gets no token by any way (LGN-15).
pub async fn block(services: &Services, ctx: &Context, id: UserId) -> Result<User> {
    transact!(services, |tx| { set(services, ctx, tx, id, true).await? })
}

pub async fn unblock(services: &Services, ctx: &Context, id: UserId) -> Result<User> {
    transact!(services, |tx| { set(services, ctx, tx, id, false).await? })
}

/// What is so already stays so.
pub(super) async fn set(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    is_blocked: bool,
) -> Result<User> {
    let user = present(users::find_locked(tx, id).await?)?;
    if is_blocked && user.status == Status::Active {
        ensure_not_last_admin(tx, &user).await?;
        users::change_security(tx, &user, ctx.now).await?;
        users::block(tx, id, ctx.now).await?;
        confirmations::spend_of_user(tx, id, None, ctx.now).await?;
        sessions::end_all(tx, id, None, EndReason::AccountBlocked, ctx.now).await?;
        let values = Values::of_status(user.status, Status::Blocked);
        services.record_change(ctx, tx, id, &Event::UserBlocked, &values).await?;
    } else if !is_blocked && user.status == Status::Blocked {
        users::change_security(tx, &user, ctx.now).await?;
        users::unblock(tx, id).await?;
        let values = Values::of_status(user.status, Status::Active);
        services.record_change(ctx, tx, id, &Event::UserUnblocked, &values).await?;
    }
    Ok(present(users::find(tx, id).await?)?)
}

fn present(user: Option<User>) -> Result<User, Refusal> {
    user.filter(User::is_present).ok_or(Refusal::UserNotFound)
}
