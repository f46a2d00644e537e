//! Opening a session, and the tokens that prove it.

use std::time::Duration;

use domain::policy::RefreshPolicy;
use domain::token::{AccessClaims, SecretToken};
use domain::{Event, Session, SessionId, Timestamp, User};
use storage::{Tx, sessions, users};

use super::cap::make_room;
use super::device::meet;
use crate::accounts::lift_when_over;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::{AccessToken, ClaimValues, mint_access, mint_refresh, mint_refresh_jwt};

/// What a client holds after signing in or refreshing.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: AccessToken,
    /// Seconds until the access token is refused.
    pub expires_in: u64,
    /// None on surfaces without refresh, and when the old one stays good.
    pub refresh: Option<RefreshToken>,
}

#[derive(Clone, Debug)]
pub struct RefreshToken {
    pub token: SecretToken,
    /// When it is refused unless used before.
    pub expires_at: Timestamp,
}

/// What a first token pair is made of. The account's row is locked by the caller.
pub(crate) async fn begin(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<(Session, ClaimValues)> {
    // Whoever asked before looked at the same; no way to a session goes round this.
    user.ensure_active(ctx.now)?;
    let user = &lift_when_over(services, ctx, tx, user.clone()).await?;
    users::record_sign_in(tx, user, ctx.now).await?;
    let session = open(services, ctx, tx, user).await?;
    Ok((session, ClaimValues::of(tx, ctx.policy.claims, user).await?))
}

/// Writes the session and its event.
async fn open(services: &Services, ctx: &Context, tx: &mut Tx, user: &User) -> Result<Session> {
    let session = new_session(services, ctx, user);
    if session.idle_expires_at.is_some() {
        make_room(services, ctx, tx, user).await?;
    }
    sessions::insert(tx, &session).await?;
    let is_new_device = meet(services, ctx, tx, user).await?;
    let event = Event::UserSignedIn { session: session.id, is_new_device };
    services.record(ctx, tx, user.id, &event).await?;
    Ok(session)
}

/// The tokens of `session` for its current generation.
pub(crate) fn tokens(
    services: &Services,
    ctx: &Context,
    session: &Session,
    values: &ClaimValues,
) -> Result<Tokens> {
    let refresh = match (session.idle_expires_at, ctx.policy.refresh) {
        (Some(idle), RefreshPolicy::Opaque { .. } | RefreshPolicy::None) => {
            Some((mint_refresh(&services.keys, session, session.generation), idle))
        }
        (Some(idle), RefreshPolicy::Jwt { .. }) => {
            Some((mint_refresh_jwt(&services.keys, session, values)?, idle))
        }
        (None, _) => None,
    };
    let refresh = refresh
        .map(|(token, idle)| RefreshToken { token, expires_at: idle.min(session.expires_at) });
    Ok(Tokens { refresh, ..access_only(services, ctx, session, values)? })
}

/// A new access token for a client whose refresh token stays good.
pub(super) fn access_only(
    services: &Services,
    ctx: &Context,
    session: &Session,
    values: &ClaimValues,
) -> Result<Tokens> {
    let expires_at = (ctx.now + ctx.policy.access_lifetime).min(session.expires_at);
    let claims = AccessClaims {
        user_id: session.user_id,
        session_id: session.id,
        issued_at: ctx.now,
        expires_at,
        roles_version: values.roles_version,
        secret_of: None,
    };
    let nonce = services.entropy.bytes();
    let access = mint_access(&services.keys, &claims, session.surface, values, nonce)?;
    let expires_in = access.expires_at.as_seconds() - ctx.now.as_seconds();
    Ok(Tokens { access, expires_in: u64::try_from(expires_in).unwrap_or(0), refresh: None })
}

/// When a session used now dies if it is not used again; never after its absolute end.
pub(super) fn idle_end(policy: RefreshPolicy, now: Timestamp, absolute: Timestamp) -> Timestamp {
    match policy {
        RefreshPolicy::Opaque { idle, .. } | RefreshPolicy::Jwt { idle, .. } => {
            (now + idle).min(absolute)
        }
        RefreshPolicy::None => absolute,
    }
}

fn new_session(services: &Services, ctx: &Context, user: &User) -> Session {
    let (lifetime, refreshes): (Duration, bool) = match ctx.policy.refresh {
        RefreshPolicy::None => (ctx.policy.access_lifetime, false),
        RefreshPolicy::Opaque { absolute, .. } | RefreshPolicy::Jwt { absolute, .. } => {
            (absolute, true)
        }
    };
    let expires_at = ctx.now + lifetime;
    Session {
        id: SessionId::new(ctx.now, services.entropy.bytes()),
        user_id: user.id,
        surface: ctx.policy.surface,
        generation: 0,
        rotated_at: ctx.now,
        refresh_secret: services.entropy.bytes::<32>().to_vec(),
        created_at: ctx.now,
        last_seen_at: ctx.now,
        idle_expires_at: refreshes.then(|| idle_end(ctx.policy.refresh, ctx.now, expires_at)),
        expires_at,
        ended_at: None,
        address: ctx.client.address.clone(),
        agent: ctx.client.agent.clone(),
    }
}
