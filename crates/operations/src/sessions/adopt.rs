//! A token of the service that a dialect stands in for gets a session when it is first seen: with that
//! it is listed, ended and outlived like every other (docs/decisions/0044).

use std::sync::Arc;
use std::time::Duration;

use domain::policy::RefreshPolicy;
use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{
    Actor, Event, Identifier, IdentifierKind, Refusal, RoleName, Session, Timestamp, TokenDefect,
    User,
};
use storage::{Read, Tx, events, passwords, sessions, users};

use super::authenticate::Authenticated;
use super::cap::has_room;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::{Kind, LegacyAccount, LegacyToken, read_legacy};

/// Of seconds that are written as a float.
const ROUNDING: Duration = Duration::from_millis(1);
const DEAD: Refusal = Refusal::InvalidToken(TokenDefect::Revoked);

/// The session of a token of the old service and its owner; `None` for any other token.
pub(super) async fn adopt(
    services: &Services,
    ctx: &Context,
    kind: Kind,
    token: &SecretToken,
) -> Result<Option<Authenticated>> {
    let legacy = read_legacy(services, ctx, kind, token).map_err(Refusal::InvalidToken)?;
    match legacy {
        // Rare: whoever asks with a token of ours does not carry the room that this takes.
        Some(legacy) => Box::pin(find_or_open(services, ctx, &legacy)).await.map(Some),
        None => Ok(None),
    }
}

async fn find_or_open(
    services: &Services,
    ctx: &Context,
    legacy: &LegacyToken,
) -> Result<Authenticated> {
    let (user, session) = find(services, legacy).await?;
    user.ensure_served(&ctx.policy, ctx.now)?;
    let session = match session {
        Some(session) => session,
        None => transact!(services, |tx| { open(services, ctx, tx, legacy, &user).await? })?,
    };
    if !session.is_live(ctx.now) || !session.may_serve(&user) {
        return Err(DEAD.into());
    }
    services.last_seen.note(&session, ctx.now);
    Ok(Authenticated { user: Arc::new(user), session: Arc::new(session) })
}

async fn find(services: &Services, legacy: &LegacyToken) -> Result<(User, Option<Session>)> {
    let mut read = services.store.read().await?;
    let session = sessions::find(&mut read, legacy.session_id).await?;
    let user = match &session {
        Some(session) => users::find(&mut read, session.user_id).await?,
        None => find_named(&mut read, &legacy.account).await?,
    };
    Ok((user.ok_or(Refusal::AccountGone)?, session))
}

async fn find_named(read: &mut Read, account: &LegacyAccount) -> Result<Option<User>> {
    Ok(match account {
        LegacyAccount::Number(number) => users::find_by_number(read, *number).await?,
        LegacyAccount::Username(name) => {
            let name = Identifier::of_kind(IdentifierKind::Username, name);
            users::find_by_identifier(read, &name).await?
        }
    })
}

/// With the account locked, so that of many who come at once one writes it.
async fn open(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    legacy: &LegacyToken,
    user: &User,
) -> Result<Session> {
    let user = users::find_locked(tx, user.id).await?.ok_or(Refusal::AccountGone)?;
    if let Some(session) = sessions::find(tx, legacy.session_id).await? {
        return Ok(session);
    }
    user.ensure_active(ctx.now)?;
    user.ensure_verified(&ctx.policy)?;
    let ctx = &ctx.acting_as(Actor::User(user.id));
    let session = new_session(services, ctx, legacy, &user);
    if !session.may_serve(&user) || has_outlived(tx, legacy, &user).await? {
        return Err(DEAD.into());
    }
    if !has_room(services, ctx, tx, &user, &session).await? {
        return Err(DEAD.into());
    }
    sessions::insert(tx, &session).await?;
    let event = Event::UserSignedIn { session: session.id, is_new_device: false };
    services.record(ctx, tx, user.id, &event).await?;
    Ok(session)
}

/// Whether something happened since that ends every session of the account, or the name that the
/// token says may be another's by now.
async fn has_outlived(tx: &mut Tx, legacy: &LegacyToken, user: &User) -> Result<bool> {
    if user.created_at.as_seconds() > legacy.issued_at.as_seconds() {
        return Ok(true);
    }
    let password = passwords::changed_at(tx, user.id).await?;
    // As far as a fraction of seconds can say when.
    let is_of_older = |at: Timestamp| match legacy.password_set_at {
        Some(set_at) => at > set_at + ROUNDING,
        None => at > legacy.issued_at,
    };
    if password.is_none_or(is_of_older) {
        return Ok(true);
    }
    let ends_all = [
        Event::PasswordChanged,
        Event::EmailChanged,
        // Who loses the role of an administrator loses every session.
        Event::RoleRevoked { role: RoleName::new(RoleName::ADMIN) },
        Event::SessionsRevoked { reason: EndReason::SignedOutEverywhere, kept: None },
        Event::UserBlocked { until: None },
        Event::UserDeleted { purge_at: None },
    ];
    let renamed = Event::ProfileUpdated { fields: Vec::new() };
    let says_name = matches!(legacy.account, LegacyAccount::Username(_));
    for like in ends_all.into_iter().chain(says_name.then_some(renamed)) {
        let last = events::newest(tx, user.id, &like).await?;
        if last.is_some_and(|last| last.at >= legacy.issued_at) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn new_session(services: &Services, ctx: &Context, legacy: &LegacyToken, user: &User) -> Session {
    let ends = match (legacy.kind, ctx.policy.refresh) {
        (Kind::Refresh, RefreshPolicy::Jwt { absolute, rotates: true, .. }) => {
            legacy.expires_at.max(legacy.issued_at + absolute)
        }
        (Kind::Refresh | Kind::Access, _) => legacy.expires_at,
    };
    Session {
        id: legacy.session_id,
        user_id: user.id,
        surface: legacy.surface,
        generation: 0,
        rotated_at: legacy.issued_at,
        refresh_secret: services.entropy.bytes::<32>().to_vec(),
        // When its owner last showed who he is.
        created_at: legacy.issued_at,
        last_seen_at: ctx.now,
        idle_expires_at: (legacy.kind == Kind::Refresh).then_some(legacy.expires_at),
        expires_at: ends,
        ended_at: None,
        address: ctx.client.address.clone(),
        agent: ctx.client.agent.clone(),
    }
}
