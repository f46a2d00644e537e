//! The `event_replays` table: parts of the log that are told once more, because somebody asked, and
//! accounts as they are by now, where the log does not tell of all of them any more.

use domain::{Timestamp, UserId};
use uuid::Uuid;

use crate::PIECE;
use crate::error::{Error, Result};
use crate::event_leader::{self, Epoch};
use crate::store::{Read, Tx};

statements! {
    INSERT = sql!(
        "INSERT INTO event_replays \
         (id, sink, user_id, position, until_position, accounts_until, asked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    OPEN = sql!(
        "SELECT id, user_id, position, until_position, accounts_until FROM event_replays \
         WHERE sink = $1 AND done_at IS NULL ORDER BY asked_at, id LIMIT 1"
    );
    MOVE = sql!(
        "UPDATE event_replays SET position = $1, done_at = $2 WHERE id = $3 AND position = $4"
    );
    DELETE_DONE = delete_some!("event_replays", "id", "done_at < ");
    COUNT = sql!("SELECT COUNT(*) FROM event_replays WHERE sink = $1 AND done_at IS NULL");
    LEAST_FAR = sql!(
        "SELECT MIN(position) FROM event_replays WHERE done_at IS NULL AND accounts_until IS NULL"
    );
    OF_SINK = sql!("DELETE FROM event_replays WHERE sink = $1");
}

/// What is to be told once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    pub id: Uuid,
    pub of: ReplayOf,
    /// Of whom only.
    pub user_id: Option<UserId>,
    /// Everything up to it was told already.
    pub position: i64,
    pub until: i64,
}

/// What its places count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayOf {
    /// The log.
    Events,
    /// Accounts as they are by then, by number.
    Accounts,
}

pub async fn ask(tx: &mut Tx, sink: &str, replay: &Replay, now: Timestamp) -> Result<()> {
    let Replay { id, of, user_id, position, until } = replay;
    let user_id = user_id.map(|id| id.0);
    let (until, accounts) = match of {
        ReplayOf::Events => (*until, None),
        ReplayOf::Accounts => (0, Some(*until)),
    };
    execute!(tx, INSERT, *id, sink, user_id, *position, until, accounts, now.as_micros())?;
    Ok(())
}

/// The oldest that is not done.
pub async fn open(read: &mut Read, sink: &str) -> Result<Option<Replay>> {
    type Row = (Uuid, Option<Uuid>, i64, i64, Option<i64>);
    let row = fetch_optional!(read, OPEN, Row, sink)?;
    Ok(row.map(|(id, user_id, position, until, accounts)| Replay {
        id,
        of: if accounts.is_some() { ReplayOf::Accounts } else { ReplayOf::Events },
        user_id: user_id.map(UserId),
        position,
        until: accounts.unwrap_or(until),
    }))
}

/// Up to which number everything in the log was told once more, by whoever is least far; none when
/// nothing is open.
pub async fn least(read: &mut Read) -> Result<Option<i64>> {
    fetch_one!(read, LEAST_FAR, (Option<i64>,)).map(|(position,)| position)
}

/// Moves it on, and ends it when `done_at` says when. Stale when somebody else leads by now.
pub async fn advance(
    tx: &mut Tx,
    epoch: Epoch,
    replay: &Replay,
    next: i64,
    done_at: Option<Timestamp>,
) -> Result<()> {
    event_leader::hold(tx, epoch).await?;
    pass(tx, replay, next, done_at).await
}

/// The same for somebody who does not lead.
pub async fn pass(
    tx: &mut Tx,
    replay: &Replay,
    next: i64,
    done_at: Option<Timestamp>,
) -> Result<()> {
    let done_at = done_at.map(Timestamp::as_micros);
    let moved = execute!(tx, MOVE, next, done_at, replay.id, replay.position)?;
    if moved == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// How many are not done.
pub async fn count(read: &mut Read, sink: &str) -> Result<i64> {
    fetch_one!(read, COUNT, (i64,), sink).map(|(count,)| count)
}

/// Forgets what was done before `before`. At most [`PIECE`].
pub async fn delete_done(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_DONE, before.as_micros(), before.as_micros(), PIECE)
}

pub async fn forget_all(tx: &mut Tx, sink: &str) -> Result<()> {
    execute!(tx, OF_SINK, sink)?;
    Ok(())
}
