//! Ending sessions at their owner's wish.

use std::collections::BTreeSet;

use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{Event, Refusal, SessionId, TokenDefect, User};
use storage::{sessions, users};

use super::adopt::adopt;
use super::refresh::{ensure_authentic, ensure_current, find_named, find_session, read_refresh};
use super::revoke::end_all;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::tokens::{
    Kind, PresentedRefresh, learn_key, verify_access_ignoring_expiry, verify_refresh_jwt,
};

/// Whatever the client still has; either names the session.
#[derive(Default)]
pub struct SignOut {
    pub access: Option<SecretToken>,
    pub refresh: Option<SecretToken>,
}

/// Ends the sessions that the tokens name. Without a token of ours there is nothing to end, which
/// is what was asked for (SES-16).
pub async fn sign_out(services: &Services, ctx: &Context, request: &SignOut) -> Result<()> {
    let named = named_sessions(services, ctx, request).await?;
    if named.is_empty() {
        return Ok(());
    }
    transact!(services, |tx| {
        for id in &named {
            let Some(session) = sessions::find(tx, *id).await? else { continue };
            users::find_locked(tx, session.user_id).await?;
            if sessions::end(tx, *id, EndReason::SignedOut, ctx.now).await? {
                let event = Event::UserSignedOut { session: *id };
                services.record(ctx, tx, session.user_id, &event).await?;
            }
        }
    })
}

/// Ends the session of a refresh token, and says when it is no good: for surfaces on which signing
/// out means to spend it.
pub async fn spend_refresh(services: &Services, ctx: &Context, token: &SecretToken) -> Result<()> {
    let presented = read_refresh(services, ctx, token).await?;
    ensure_authentic(services, ctx, &presented).await?;
    transact!(services, |tx| {
        let session = find_session(services, ctx, tx, &presented).await?;
        ensure_current(ctx, &session, &presented)?;
        users::find_locked(tx, session.user_id).await?;
        if !sessions::end(tx, session.id, EndReason::SignedOut, ctx.now).await? {
            return Err(Refusal::InvalidToken(TokenDefect::Revoked).into());
        }
        let event = Event::UserSignedOut { session: session.id };
        services.record(ctx, tx, session.user_id, &event).await?;
    })
}

/// Ends every session of the user.
pub async fn sign_out_everywhere(services: &Services, ctx: &Context, user: &User) -> Result<()> {
    let reason = EndReason::SignedOutEverywhere;
    transact!(services, |tx| {
        users::find_locked(tx, user.id).await?;
        end_all(services, ctx, tx, user.id, None, reason).await?;
    })
}

async fn named_sessions(
    services: &Services,
    ctx: &Context,
    request: &SignOut,
) -> Result<BTreeSet<SessionId>> {
    let mut named = BTreeSet::new();
    for token in [&request.access, &request.refresh].into_iter().flatten() {
        learn_key(services, token).await?;
    }
    for (kind, token) in [(Kind::Access, &request.access), (Kind::Refresh, &request.refresh)] {
        let Some(token) = token else { continue };
        match adopt(services, ctx, kind, token).await {
            Ok(adopted) => named.extend(adopted.map(|adopted| adopted.session.id)),
            Err(Error::Refused(_)) => {}
            Err(fault @ Error::Fault(_)) => return Err(fault),
        }
    }
    if let Some(token) = &request.access
        && let Ok(claims) =
            verify_access_ignoring_expiry(&services.keys, &ctx.policy, token, ctx.now)
    {
        named.insert(claims.session_id);
    }
    let read = |token: &SecretToken| {
        let secrets_of = ctx.policy.takes_secrets_of;
        PresentedRefresh::parse(token)
            .or_else(|| verify_refresh_jwt(&services.keys, secrets_of, token, ctx.now).ok())
    };
    if let Some(presented) = request.refresh.as_ref().and_then(read) {
        let mut read = services.store.read().await?;
        let session = find_named(services, &mut read, &presented).await?;
        named.extend(session.map(|session| session.id));
    }
    Ok(named)
}
