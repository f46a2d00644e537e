//! End sessions from another one (SES-10).

use domain::session::EndReason;
use domain::{Event, Refusal, Session, SessionId, TokenDefect, UserId};
use storage::{Tx, sessions, users};

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Ends one session of the user; `own` is the one that asks. That of somebody else does not exist.
pub async fn revoke(
    services: &Services,
    ctx: &Context,
    user_id: UserId,
    own: SessionId,
    id: SessionId,
) -> Result<()> {
    transact!(services, |tx| {
        users::find_locked(tx, user_id).await?;
        ensure_live(ctx, tx, own).await?;
        end_one(services, ctx, tx, user_id, id, EndReason::RevokedByOwner).await?;
    })
}

/// Ends every session of the user but `own`, the one that asks.
pub async fn revoke_others(
    services: &Services,
    ctx: &Context,
    user_id: UserId,
    own: SessionId,
) -> Result<()> {
    transact!(services, |tx| {
        users::find_locked(tx, user_id).await?;
        ensure_live(ctx, tx, own).await?;
        end_all(services, ctx, tx, user_id, Some(own), EndReason::RevokedByOwner).await?;
    })
}

/// Whoever was signed out a moment ago changes nothing any more: of two that end each other, one
/// stays. The account's row is locked by the caller.
pub(crate) async fn ensure_live(ctx: &Context, tx: &mut Tx, own: SessionId) -> Result<()> {
    let session = sessions::find(tx, own).await?;
    let is_live = session.is_some_and(|session| session.is_live(ctx.now));
    if is_live { Ok(()) } else { Err(Refusal::InvalidToken(TokenDefect::Revoked).into()) }
}

/// The account's row is locked by the caller.
pub(super) async fn end_one(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user_id: UserId,
    id: SessionId,
    reason: EndReason,
) -> Result<()> {
    let is_there = |session: &Session| session.user_id == user_id && session.is_live(ctx.now);
    let session = sessions::find(tx, id).await?.filter(is_there);
    let session = session.ok_or(Refusal::SessionNotFound)?;
    if !sessions::end(tx, session.id, reason, ctx.now).await? {
        return Err(Refusal::SessionNotFound.into());
    }
    let event = Event::SessionRevoked { session: session.id, reason };
    services.record(ctx, tx, user_id, &event).await
}

/// The account's row is locked by the caller. Where nothing ends there is nothing to tell, unless an old
/// service may have given out tokens that were never seen here: they die by the event alone.
pub(super) async fn end_all(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user_id: UserId,
    kept: Option<SessionId>,
    reason: EndReason,
) -> Result<()> {
    let ended = sessions::end_all(tx, user_id, kept, reason, ctx.now).await?;
    if ended > 0 || !services.keys.settings.shared.is_empty() {
        let event = Event::SessionsRevoked { reason, kept };
        services.record(ctx, tx, user_id, &event).await?;
    }
    Ok(())
}
