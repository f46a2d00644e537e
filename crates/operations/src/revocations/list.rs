//! The revocations since a cursor.

use std::time::Duration;

use domain::{SessionId, Timestamp, UserId};
use storage::LOG_OVERLAP;
use storage::revocations::{self, ChangedRoles, EndedSession, RecordedAt};

use super::cursor::Cursor;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// How much longer an entry is told than its tokens live: the request that ended the session began
/// a while before it was done, clocks differ, and who verifies tokens may be lenient with `exp`.
const MARGIN: Duration = Duration::from_mins(1);

/// What is to be refused. Told twice it says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Tokens of this session (`sid`).
    Session { session: SessionId, until: Timestamp },
    /// Tokens of this account (`sub`) with an earlier `iat`.
    IssuedBefore { user: UserId, before: Timestamp, until: Timestamp },
}

/// What was revoked, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocations {
    pub entries: Vec<Revocation>,
    pub next: Cursor,
}

/// Without a cursor, everything that is still needed. With one, what was recorded since, and once
/// more what lies so close before it that something may have been committed late.
pub async fn list(
    services: &Services,
    ctx: &Context,
    since: Option<Cursor>,
) -> Result<Revocations> {
    let longest = services.longest_access_life();
    let mut read = services.store.read().await?;
    let now = revocations::now(&mut read).await?;
    let oldest = now.before(longest + LOG_OVERLAP);
    let after = since.map_or(oldest, |cursor| cursor.at.before(LOG_OVERLAP).max(oldest));
    let sessions = revocations::ended_sessions(&mut read, after).await?;
    let roles = revocations::changed_roles(&mut read, after).await?;
    drop(read);

    let next = cursor(since.map_or(now, |cursor| cursor.at), since.is_none(), &sessions, &roles);
    let ended = sessions.iter().map(|session| {
        let life = services.policy(session.surface).access_lifetime;
        let until = (session.ended_at + life).min(session.expires_at) + MARGIN;
        Revocation::Session { session: session.id, until }
    });
    let changed = roles.iter().map(|changed| Revocation::IssuedBefore {
        user: changed.user_id,
        before: surely_before(changed.changed_at),
        until: changed.changed_at + longest + MARGIN,
    });
    let is_needed = |entry: &Revocation| entry.until() > ctx.now;
    Ok(Revocations { entries: ended.chain(changed).filter(is_needed).collect(), next })
}

impl Revocation {
    /// When the tokens have expired by themselves and the entry can be forgotten.
    pub fn until(&self) -> Timestamp {
        match self {
            Self::Session { until, .. } | Self::IssuedBefore { until, .. } => *until,
        }
    }
}

impl Services {
    /// The longest life of an access token on any surface.
    fn longest_access_life(&self) -> Duration {
        self.policies().map(|policy| policy.access_lifetime).max().unwrap_or_default()
    }
}

/// Stays as it is while nothing new is recorded: the same question is then answered the same.
fn cursor(
    began_at: RecordedAt,
    is_first: bool,
    sessions: &[EndedSession],
    roles: &[ChangedRoles],
) -> Cursor {
    let sessions = sessions.iter().map(|session| (session.id.0.as_bytes(), session.recorded_at));
    let roles = roles.iter().map(|changed| (changed.user_id.0.as_bytes(), changed.recorded_at));
    let recorded = sessions.chain(roles);
    let newest = recorded.clone().map(|(_, recorded_at)| recorded_at).max();
    let at = match newest {
        Some(newest) if is_first => newest,
        Some(newest) => newest.max(began_at),
        None => began_at,
    };
    Cursor::new(at, recorded)
}

/// `iat` counts whole seconds, and a token that was being minted while roles changed may still have
/// the old ones: one refresh too many is the lesser harm.
fn surely_before(changed_at: Timestamp) -> Timestamp {
    Timestamp::from_seconds(changed_at.as_seconds() + 2)
}
