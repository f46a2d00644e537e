//! New tokens for a refresh token (docs/decisions/0007, SES-02…04).

use domain::policy::RefreshPolicy;
use domain::refusal::TokenDefect;
use domain::session::{EndReason, RefreshStanding};
use domain::token::SecretToken;
use domain::{Actor, Event, Refusal, Session, User};
use storage::{Read, Tx, sessions, users};

use super::adopt::adopt;
use super::open::{Tokens, access_only, idle_end, tokens};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::limits::Limit;
use crate::mail::session_replayed;
use crate::services::Services;
use crate::tokens::{
    ClaimValues, Kind, PresentedRefresh, is_authentic, learn_key, verify_refresh_jwt,
};

/// The generation that the token of an old service stands for.
const FIRST: i64 = 0;

/// The current token rotates; the one before, within its window, gets the same successor; an
/// older one ends its session, because somebody else holds a copy. Where tokens do not rotate,
/// there is a new access token and nothing is written.
pub async fn refresh(services: &Services, ctx: &Context, token: &SecretToken) -> Result<Tokens> {
    let presented = read_refresh(services, ctx, token).await?;
    ensure_authentic(services, ctx, &presented).await?;
    services.admit_one(Limit::RefreshSession, &presented.session_id.to_string()).await?;
    if let RefreshPolicy::Jwt { rotates: false, .. } = ctx.policy.refresh {
        let mut read = services.store.read().await?;
        let (session, user) = find_bearer(services, ctx, &mut read, &presented).await?;
        ensure_current(ctx, &session, &presented)?;
        let values = ClaimValues::of(&mut read, ctx.policy.claims, &user).await?;
        return access_only(services, ctx, &session, &values);
    }
    let (session, values) = transact!(services, |tx| {
        let (session, user) = find_bearer(services, ctx, tx, &presented).await?;
        let values = ClaimValues::of(tx, ctx.policy.claims, &user).await?;
        (step(services, ctx, tx, session, presented.generation).await?, values)
    })?;
    // A replay is committed before it is refused, and the owner hears of it.
    let session = session.ok_or(Refusal::InvalidToken(TokenDefect::Revoked))?;
    tokens(services, ctx, &session, &values)
}

/// Reads the token in the form that this surface hands out.
pub(super) async fn read_refresh(
    services: &Services,
    ctx: &Context,
    token: &SecretToken,
) -> Result<PresentedRefresh> {
    if let RefreshPolicy::Jwt { .. } = ctx.policy.refresh
        && let Some(adopted) = adopt(services, ctx, Kind::Refresh, token).await?
    {
        let session = &adopted.session;
        return Ok(PresentedRefresh::signed(session.id, FIRST, Some(session.surface)));
    }
    learn_key(services, token).await?;
    let read = match ctx.policy.refresh {
        RefreshPolicy::Opaque { .. } => {
            PresentedRefresh::parse(token).ok_or(TokenDefect::Malformed)
        }
        RefreshPolicy::Jwt { .. } => {
            verify_refresh_jwt(&services.keys, ctx.policy.takes_secrets_of, token, ctx.now)
        }
        RefreshPolicy::None => Err(TokenDefect::WrongType),
    };
    Ok(read.map_err(Refusal::InvalidToken)?)
}

/// The session that the token names, which this surface opened (SES-05), and its owner.
async fn find_bearer(
    services: &Services,
    ctx: &Context,
    read: &mut Read,
    presented: &PresentedRefresh,
) -> Result<(Session, User)> {
    let session = find_session(services, ctx, read, presented).await?;
    let user = find_owner(ctx, read, &session).await?;
    user.ensure_verified(&ctx.policy)?;
    Ok((session, user))
}

pub(super) async fn find_owner(ctx: &Context, read: &mut Read, session: &Session) -> Result<User> {
    let user = users::find(read, session.user_id).await?.ok_or(Refusal::AccountGone)?;
    user.ensure_served(&ctx.policy, ctx.now)?;
    if !session.may_serve(&user) {
        return Err(Refusal::InvalidToken(TokenDefect::Revoked).into());
    }
    Ok(user)
}

pub(super) async fn find_session(
    services: &Services,
    ctx: &Context,
    read: &mut Read,
    presented: &PresentedRefresh,
) -> Result<Session> {
    let session = find_named(services, read, presented).await?;
    let session = session.filter(|session| session.surface == ctx.policy.surface);
    Ok(session.ok_or(Refusal::InvalidToken(TokenDefect::BadSignature))?)
}

/// The id of a session is no secret: whoever only names it uses up nothing and locks nothing.
pub(super) async fn ensure_authentic(
    services: &Services,
    ctx: &Context,
    presented: &PresentedRefresh,
) -> Result<()> {
    let mut read = services.store.read().await?;
    find_session(services, ctx, &mut read, presented).await?;
    Ok(())
}

/// The session that an authentic token names, whichever surface opened it.
pub(super) async fn find_named(
    services: &Services,
    read: &mut Read,
    presented: &PresentedRefresh,
) -> Result<Option<Session>> {
    let session = sessions::find(read, presented.session_id).await?;
    Ok(session.filter(|session| is_authentic(&services.keys, session, presented)))
}

/// The session and the owner of a refresh token that is the current one, for whoever only asks.
pub(super) async fn find_current(
    services: &Services,
    ctx: &Context,
    presented: &PresentedRefresh,
) -> Result<(Session, User)> {
    let mut read = services.store.read().await?;
    let session = find_named(services, &mut read, presented).await?;
    let session = session.ok_or(Refusal::InvalidToken(TokenDefect::BadSignature))?;
    let user = find_owner(ctx, &mut read, &session).await?;
    ensure_current(ctx, &session, presented)?;
    Ok((session, user))
}

/// For tokens that are not spent by use.
pub(super) fn ensure_current(
    ctx: &Context,
    session: &Session,
    presented: &PresentedRefresh,
) -> Result<(), Refusal> {
    match session.standing(presented.generation, ctx.now) {
        RefreshStanding::Current => Ok(()),
        RefreshStanding::Retransmitted
        | RefreshStanding::Replayed
        | RefreshStanding::Unknown
        | RefreshStanding::Over => Err(Refusal::InvalidToken(TokenDefect::Revoked)),
    }
}

/// `None` when the token was replayed and its session is over now.
async fn step(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    session: Session,
    generation: i64,
) -> Result<Option<Session>> {
    match session.standing(generation, ctx.now) {
        RefreshStanding::Current => {
            let idle = idle_end(ctx.policy.refresh, ctx.now, session.expires_at);
            if !sessions::rotate(tx, &session, ctx.now, idle).await? {
                // Another request was first: judge this token again in a fresh transaction.
                return Err(storage::Error::Stale.into());
            }
            Ok(Some(Session {
                generation: session.generation + 1,
                rotated_at: ctx.now,
                idle_expires_at: Some(idle),
                ..session
            }))
        }
        RefreshStanding::Retransmitted => Ok(Some(session)),
        RefreshStanding::Unknown | RefreshStanding::Over => {
            Err(Refusal::InvalidToken(TokenDefect::Revoked).into())
        }
        RefreshStanding::Replayed => {
            let user = users::find_locked(tx, session.user_id).await?;
            // Of several at once, the first is told.
            if sessions::end(tx, session.id, EndReason::RefreshReplayed, ctx.now).await? {
                let ctx = ctx.acting_as(Actor::Anonymous);
                let event = Event::RefreshReplayed { session: session.id };
                services.record(&ctx, tx, session.user_id, &event).await?;
                if let Some(user) = user.filter(User::is_present) {
                    promise_mail(services, &ctx, tx, &user, session_replayed(&ctx, &user)).await?;
                }
            }
            Ok(None)
        }
    }
}
