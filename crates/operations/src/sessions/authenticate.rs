//! Who is this? From an access token to an account and its session.

use std::sync::Arc;
use std::time::Instant;

use domain::refusal::TokenDefect;
use domain::token::{AccessClaims, SecretToken};
use domain::{Actor, Refusal, Session, User};
use storage::{sessions, users};

use super::adopt::adopt;
use crate::cache::{Cache, Standing};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::measures;
use crate::services::Services;
use crate::tokens::{Kind, verify_access};

/// Somebody with a live session.
#[derive(Clone, Debug)]
pub struct Authenticated {
    pub user: Arc<User>,
    pub session: Arc<Session>,
}

/// Asks the database, whatever is remembered: for whoever is about to change something or sees
/// what is not theirs.
///
/// Refuses, in this order: what is not a good token, an account that is gone, one that is
/// blocked (or waits to be verified, where the surface takes that for the same), a token from before
/// its roles changed, a session that is over.
pub async fn authenticate(
    services: &Services,
    ctx: &Context,
    token: &SecretToken,
) -> Result<Authenticated> {
    if let Some(adopted) = adopt(services, ctx, Kind::Access, token).await? {
        return Ok(adopted);
    }
    let claims = verify_access(services, ctx, token).await?;
    look_up(services, ctx, &claims).await
}

/// Like [`authenticate`], from memory where that is sure: for whoever reads what is theirs. What
/// another instance changed counts within a second.
pub async fn authenticate_reader(
    services: &Services,
    ctx: &Context,
    token: &SecretToken,
) -> Result<Authenticated> {
    if let Some(adopted) = adopt(services, ctx, Kind::Access, token).await? {
        return Ok(adopted);
    }
    let claims = verify_access(services, ctx, token).await?;
    if services.cache.is_trusted()
        && let Some(known) = recall(&services.cache, ctx, &claims, Standing::is_fresh)
    {
        count("cache");
        services.last_seen.note(&known.session, ctx.now);
        return Ok(known);
    }
    match look_up(services, ctx, &claims).await {
        Err(error) if may_go_without_database(services, &error) => {
            recall(&services.cache, ctx, &claims, |_| true).ok_or(error)
        }
        outcome => outcome,
    }
}

impl Authenticated {
    /// The context of what this person asks for.
    pub fn context(&self, ctx: &Context) -> Context {
        let session_surface = Some(self.session.surface);
        let session_opened_at = Some(self.session.created_at);
        Context { session_surface, session_opened_at, ..ctx.acting_as(Actor::User(self.user.id)) }
    }
}

/// What is remembered of the session, if it is good news.
fn recall(
    cache: &Cache,
    ctx: &Context,
    claims: &AccessClaims,
    is_enough: impl Fn(&Standing) -> bool,
) -> Option<Authenticated> {
    let standing = cache.standings.get(claims.session_id).filter(is_enough)?;
    let Standing { user, session, epoch, .. } = standing;
    let is_good = cache.is_current(user.id, epoch)
        && user.id == claims.user_id
        && judge(ctx, &user, Some(&session), claims).is_ok();
    is_good.then_some(Authenticated { user, session })
}

async fn look_up(
    services: &Services,
    ctx: &Context,
    claims: &AccessClaims,
) -> Result<Authenticated> {
    count("database");
    let (epoch, read_at) = (services.cache.epoch(claims.user_id), Instant::now());
    let mut read = services.store.read().await?;
    if claims.secret_of.is_some() {
        // Others know the secret: what they say of accounts counts for nothing.
        let session = sessions::find(&mut read, claims.session_id).await?;
        let is_theirs = session.is_some_and(|session| session.user_id == claims.user_id);
        if !is_theirs {
            return Err(Refusal::InvalidToken(TokenDefect::Revoked).into());
        }
    }
    let user = users::find(&mut read, claims.user_id).await?;
    let user = user.ok_or(Refusal::AccountGone)?;
    let session = sessions::find(&mut read, claims.session_id).await?;
    judge(ctx, &user, session.as_ref(), claims)?;
    let session = session.ok_or(Refusal::InvalidToken(TokenDefect::Revoked))?;
    services.last_seen.note(&session, ctx.now);
    let (user, session) = (Arc::new(user), Arc::new(session));
    let standing =
        Standing { user: Arc::clone(&user), session: Arc::clone(&session), epoch, read_at };
    services.cache.standings.keep(standing);
    Ok(Authenticated { user, session })
}

/// Whether the account and the session are still what the token was minted for.
fn judge(
    ctx: &Context,
    user: &User,
    session: Option<&Session>,
    claims: &AccessClaims,
) -> Result<(), Refusal> {
    user.ensure_served(&ctx.policy, ctx.now)?;
    user.ensure_roles_unchanged(claims.roles_version)?;
    let is_theirs = |session: &Session| {
        session.user_id == user.id
            && session.may_serve(user)
            && claims.secret_of.is_none_or(|of| of == session.surface)
    };
    let is_live = session.is_some_and(|session| is_theirs(session) && session.is_live(ctx.now));
    if is_live { Ok(()) } else { Err(Refusal::InvalidToken(TokenDefect::Revoked)) }
}

fn may_go_without_database(services: &Services, error: &Error) -> bool {
    error.is_unavailable() && services.cache.serves_without_database()
}

fn count(answered_by: &'static str) {
    metrics::counter!(measures::AUTHENTICATIONS, "answered_by" => answered_by).increment(1);
}
