//! What is this token? For services that cannot or will not verify it themselves (RFC 7662).
//!
//! No rule of its own: an access token is what `authenticate` says, a refresh token what `refresh`
//! would say of it.

use std::sync::Arc;

use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Refusal, Session, Timestamp, User};

use super::authenticate::{Authenticated, authenticate};
use super::refresh::find_current;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::tokens::{Description, Kind, PresentedRefresh, describe_jwt, verify_refresh_jwt};

/// A token that is good now, and whose it is.
#[derive(Clone, Debug)]
pub struct Introspection {
    pub kind: TokenKind,
    pub user: Arc<User>,
    pub session: Arc<Session>,
    pub issuer: String,
    pub audience: String,
    /// The `jti`; opaque tokens have none.
    pub id: Option<String>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Access,
    Refresh,
}

/// `None` for whatever is not good now: unknown, expired, revoked, of an account that is blocked
/// or gone. Why is nobody's business (SES-14).
pub async fn introspect(
    services: &Services,
    ctx: &Context,
    token: &SecretToken,
) -> Result<Option<Introspection>> {
    let judged = match PresentedRefresh::parse(token) {
        Some(presented) => of_refresh(services, ctx, &presented, None).await,
        None => of_jwt(services, ctx, token).await,
    };
    match judged {
        Ok(introspection) => Ok(Some(introspection)),
        Err(Error::Refused(_)) => Ok(None),
        Err(fault @ Error::Fault(_)) => Err(fault),
    }
}

async fn of_jwt(services: &Services, ctx: &Context, token: &SecretToken) -> Result<Introspection> {
    let secrets_of = ctx.policy.takes_secrets_of;
    let describe = |kind| {
        let described = describe_jwt(&services.keys, secrets_of, kind, token, ctx.now);
        described.map_err(Refusal::InvalidToken)
    };
    match authenticate(services, ctx, token).await {
        Ok(Authenticated { user, session }) => {
            let says = describe(Kind::Access)?;
            Ok(described(services, TokenKind::Access, user, session, says))
        }
        Err(Error::Refused(Refusal::InvalidToken(TokenDefect::WrongType))) => {
            let presented = verify_refresh_jwt(&services.keys, secrets_of, token, ctx.now);
            let presented = presented.map_err(Refusal::InvalidToken)?;
            of_refresh(services, ctx, &presented, Some(describe(Kind::Refresh)?)).await
        }
        Err(error) => Err(error),
    }
}

/// Only the current one: the one before is answered with its successor, but is no good by itself.
async fn of_refresh(
    services: &Services,
    ctx: &Context,
    presented: &PresentedRefresh,
    says: Option<Description>,
) -> Result<Introspection> {
    let (session, user) = find_current(services, ctx, presented).await?;
    let (user, session) = (Arc::new(user), Arc::new(session));
    if let Some(says) = says {
        return Ok(described(services, TokenKind::Refresh, user, session, says));
    }
    let idle = session.idle_expires_at.unwrap_or(session.expires_at);
    Ok(Introspection {
        kind: TokenKind::Refresh,
        issuer: services.keys.signing_key(session.surface, ctx.now)?.issuer.clone(),
        audience: services.keys.audience().to_owned(),
        id: None,
        issued_at: session.rotated_at,
        expires_at: idle.min(session.expires_at),
        user,
        session,
    })
}

fn described(
    services: &Services,
    kind: TokenKind,
    user: Arc<User>,
    session: Arc<Session>,
    says: Description,
) -> Introspection {
    Introspection {
        kind,
        user,
        session,
        issuer: says.issuer,
        audience: services.keys.audience().to_owned(),
        id: Some(says.id),
        issued_at: says.issued_at,
        expires_at: says.expires_at,
    }
}
