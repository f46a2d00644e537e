//! The `sessions` table: one row a sign-in.

use domain::session::EndReason;
use domain::{Session, SessionId, Surface, Timestamp, UserId};

use crate::PIECE;
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

statements! {
    INSERT = sql!(
        "INSERT INTO sessions (id, user_id, surface, generation, rotated_at, refresh_secret, \
         created_at, last_seen_at, idle_expires_at, expires_at, address, agent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    FIND = sql!(
        "SELECT id, user_id, surface, generation, rotated_at, refresh_secret, created_at, \
         last_seen_at, idle_expires_at, expires_at, ended_at, address, agent \
         FROM sessions WHERE id = $1"
    );
    LIST_LIVE = sql!(
        "SELECT id, user_id, surface, generation, rotated_at, refresh_secret, created_at, \
         last_seen_at, idle_expires_at, expires_at, ended_at, address, agent FROM sessions \
         WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 \
         AND (idle_expires_at IS NULL OR idle_expires_at > $3) \
         ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    LIST_ENDED = sql!(
        "SELECT surface, ended_at, end_reason FROM sessions \
         WHERE user_id = $1 AND ended_at >= $2 ORDER BY ended_at DESC, id DESC LIMIT $3"
    );
    LIST_REFRESHABLE = sql!(
        "SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL \
         AND idle_expires_at > $2 AND expires_at > $3 ORDER BY created_at, id"
    );
    LIST_UNEXPIRED = sql!("SELECT id FROM sessions WHERE user_id = $1 AND expires_at > $2");
    ROTATE = sql!(
        "UPDATE sessions SET generation = generation + 1, rotated_at = $1, last_seen_at = $2, \
         idle_expires_at = $3 WHERE id = $4 AND generation = $5 AND ended_at IS NULL"
    );
    SEE = sql!("UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $3");
    END = recorded!(
        "UPDATE sessions SET ended_at = $1, end_reason = $2, end_recorded_at = ",
        " WHERE id = $3 AND ended_at IS NULL"
    );
    END_ALL = recorded!(
        "UPDATE sessions SET ended_at = $1, end_reason = $2, end_recorded_at = ",
        " WHERE user_id = $3 AND ended_at IS NULL AND id <> $4"
    );
    FORGET_DEVICES = sql!("UPDATE sessions SET address = NULL, agent = NULL WHERE user_id = $1");
    DELETE_EXPIRED = delete_some!("sessions", "id", "expires_at < ");
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: uuid::Uuid,
    user_id: uuid::Uuid,
    surface: String,
    generation: i64,
    rotated_at: i64,
    refresh_secret: Vec<u8>,
    created_at: i64,
    last_seen_at: i64,
    idle_expires_at: Option<i64>,
    expires_at: i64,
    ended_at: Option<i64>,
    address: Option<String>,
    agent: Option<String>,
}

pub async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    execute!(
        tx,
        INSERT,
        session.id.0,
        session.user_id.0,
        session.surface.as_str(),
        session.generation,
        session.rotated_at.as_micros(),
        &session.refresh_secret,
        session.created_at.as_micros(),
        session.last_seen_at.as_micros(),
        session.idle_expires_at.map(Timestamp::as_micros),
        session.expires_at.as_micros(),
        session.address.as_deref(),
        session.agent.as_deref(),
    )?;
    Ok(())
}

pub async fn find(read: &mut Read, id: SessionId) -> Result<Option<Session>> {
    fetch_optional!(read, FIND, SessionRow, id.0)?.map(Session::try_from).transpose()
}

/// Those of the user that live at `now`, the newest first.
pub async fn list_live(
    read: &mut Read,
    user_id: UserId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Session>> {
    let at = now.as_micros();
    let rows = fetch_all!(read, LIST_LIVE, SessionRow, user_id.0, at, at, limit)?;
    rows.into_iter().map(Session::try_from).collect()
}

/// A session that somebody ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    pub surface: String,
    pub ended_at: Timestamp,
    /// The stable name of an `EndReason`.
    pub reason: String,
}

/// Those of the user that were ended since `since`, the last ended first.
pub async fn list_ended(
    read: &mut Read,
    user_id: UserId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<EndedSession>> {
    type Row = (String, i64, Option<String>);
    let rows = fetch_all!(read, LIST_ENDED, Row, user_id.0, since.as_micros(), limit)?;
    let ended = rows.into_iter().map(|(surface, ended_at, reason)| EndedSession {
        surface,
        ended_at: Timestamp::from_micros(ended_at),
        reason: reason.unwrap_or_default(),
    });
    Ok(ended.collect())
}

/// Those of the user with a refresh token that live at `now`, the oldest first.
pub async fn list_refreshable(
    read: &mut Read,
    user_id: UserId,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let at = now.as_micros();
    let rows = fetch_all!(read, LIST_REFRESHABLE, (uuid::Uuid,), user_id.0, at, at)?;
    Ok(rows.into_iter().map(|(id,)| SessionId(id)).collect())
}

/// Those of the user that would live at `now` had nobody ended them, in no order.
pub async fn list_unexpired(
    read: &mut Read,
    user_id: UserId,
    now: Timestamp,
) -> Result<Vec<SessionId>> {
    let rows = fetch_all!(read, LIST_UNEXPIRED, (uuid::Uuid,), user_id.0, now.as_micros())?;
    Ok(rows.into_iter().map(|(id,)| SessionId(id)).collect())
}

/// Makes the next refresh token the current one; false when another request was first.
pub async fn rotate(
    tx: &mut Tx,
    session: &Session,
    now: Timestamp,
    idle_expires_at: Timestamp,
) -> Result<bool> {
    let at = now.as_micros();
    let (idle, id) = (idle_expires_at.as_micros(), session.id.0);
    Ok(execute!(tx, ROTATE, at, at, idle, id, session.generation)? == 1)
}

/// Notes that the session was used; what is known to be later stays.
pub async fn see(tx: &mut Tx, id: SessionId, at: Timestamp) -> Result<()> {
    execute!(tx, SEE, at.as_micros(), id.0, at.as_micros())?;
    Ok(())
}

/// False when it was over already.
pub async fn end(tx: &mut Tx, id: SessionId, reason: EndReason, now: Timestamp) -> Result<bool> {
    Ok(execute!(tx, END, now.as_micros(), reason.as_str(), id.0)? == 1)
}

/// Ends every session of the user but `except`; answers how many that were.
pub async fn end_all(
    tx: &mut Tx,
    user_id: UserId,
    except: Option<SessionId>,
    reason: EndReason,
    now: Timestamp,
) -> Result<u64> {
    let except = except.map_or(uuid::Uuid::nil(), |id| id.0);
    execute!(tx, END_ALL, now.as_micros(), reason.as_str(), user_id.0, except)
}

/// Erases what sessions know about the devices of the user.
pub async fn forget_devices(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, FORGET_DEVICES, user_id.0)?;
    Ok(())
}

/// Removes sessions that ended by time before `before`.
/// At most [`PIECE`].
pub async fn delete_expired(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_EXPIRED, before.as_micros(), before.as_micros(), PIECE)
}

impl TryFrom<SessionRow> for Session {
    type Error = Error;

    fn try_from(row: SessionRow) -> Result<Self> {
        Ok(Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            surface: Surface::parse(&row.surface)
                .ok_or(Error::Corrupt { table: "sessions", column: "surface" })?,
            generation: row.generation,
            rotated_at: Timestamp::from_micros(row.rotated_at),
            refresh_secret: row.refresh_secret,
            created_at: Timestamp::from_micros(row.created_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
            idle_expires_at: row.idle_expires_at.map(Timestamp::from_micros),
            expires_at: Timestamp::from_micros(row.expires_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            address: row.address,
            agent: row.agent,
        })
    }
}
