//! What was revoked lately, as `sessions` and `users` tell it: nothing is written twice.

use std::time::Duration;

use domain::{SessionId, Surface, Timestamp, UserId};

use crate::error::{Error, Result};
use crate::store::Read;

statements! {
    NOW = recorded!("SELECT ", "");
    SESSIONS = sql!(
        "SELECT id, surface, ended_at, expires_at, end_recorded_at FROM sessions \
         WHERE end_recorded_at > $1 ORDER BY end_recorded_at, id"
    );
    ROLES = sql!(
        "SELECT id, roles_changed_at, roles_recorded_at FROM users \
         WHERE roles_recorded_at > $1 ORDER BY roles_recorded_at, id"
    );
}

/// A session that was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    pub id: SessionId,
    pub surface: Surface,
    pub ended_at: Timestamp,
    /// When it would have ended in any case.
    pub expires_at: Timestamp,
    pub recorded_at: RecordedAt,
}

/// An account whose roles changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRoles {
    pub user_id: UserId,
    pub changed_at: Timestamp,
    pub recorded_at: RecordedAt,
}

/// A moment by the clock of the database, in microseconds: not to be compared with our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedAt(pub i64);

impl RecordedAt {
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: uuid::Uuid,
    surface: String,
    ended_at: i64,
    expires_at: i64,
    end_recorded_at: i64,
}

/// The time of the database.
pub async fn now(read: &mut Read) -> Result<RecordedAt> {
    let (now,) = fetch_one!(read, NOW, (i64,))?;
    Ok(RecordedAt(now))
}

/// Sessions whose end was recorded after `after`, the earliest first. What commits
/// late shows late.
pub async fn ended_sessions(read: &mut Read, after: RecordedAt) -> Result<Vec<EndedSession>> {
    let rows = fetch_all!(read, SESSIONS, SessionRow, after.0)?;
    rows.into_iter().map(EndedSession::try_from).collect()
}

/// Accounts whose last change of roles was recorded after `after`, the earliest first.
pub async fn changed_roles(read: &mut Read, after: RecordedAt) -> Result<Vec<ChangedRoles>> {
    let rows = fetch_all!(read, ROLES, (uuid::Uuid, i64, i64), after.0)?;
    let changed = rows.into_iter().map(|(id, changed_at, recorded_at)| ChangedRoles {
        user_id: UserId(id),
        changed_at: Timestamp::from_micros(changed_at),
        recorded_at: RecordedAt(recorded_at),
    });
    Ok(changed.collect())
}

impl TryFrom<SessionRow> for EndedSession {
    type Error = Error;

    fn try_from(row: SessionRow) -> Result<Self> {
        Ok(Self {
            id: SessionId(row.id),
            surface: Surface::parse(&row.surface)
                .ok_or(Error::Corrupt { table: "sessions", column: "surface" })?,
            ended_at: Timestamp::from_micros(row.ended_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            recorded_at: RecordedAt(row.end_recorded_at),
        })
    }
}
