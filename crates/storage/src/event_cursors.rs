//! The `event_cursors` table: how far each recipient of the log is.

use domain::Timestamp;

use crate::error::{Error, Result};
use crate::event_leader::{self, Epoch};
use crate::store::{Read, Tx};

statements! {
    FIND = sql!(
        "SELECT sink, position, moved_at, failing_since, reason, failures, refused_position, \
         refused_since, refusals FROM event_cursors WHERE sink = $1"
    );
    ALL = sql!(
        "SELECT sink, position, moved_at, failing_since, reason, failures, refused_position, \
         refused_since, refusals FROM event_cursors ORDER BY sink"
    );
    INSERT = sql!(
        "INSERT INTO event_cursors (sink, position, began_after, moved_at) VALUES ($1, $2, $3, $4)"
    );
    BEGAN = sql!("SELECT began_after FROM event_cursors WHERE sink = $1");
    MOVE = sql!(
        "UPDATE event_cursors SET position = $1, moved_at = $2 WHERE sink = $3 AND position = $4"
    );
    FAIL = sql!(
        "UPDATE event_cursors SET failing_since = COALESCE(failing_since, $1), reason = $2, \
         failures = failures + 1 WHERE sink = $3"
    );
    REFUSE = sql!(
        "UPDATE event_cursors SET refused_position = $1, refused_since = $2, refusals = $3 \
         WHERE sink = $4"
    );
    RECOVER = sql!(
        "UPDATE event_cursors SET failing_since = NULL, reason = NULL, failures = 0 WHERE sink = $1"
    );
    PARDON = sql!(
        "UPDATE event_cursors SET refused_position = NULL, refused_since = NULL, refusals = 0 \
         WHERE sink = $1"
    );
    HOLD = sql!("UPDATE event_cursors SET position = position WHERE sink = $1");
    REMOVE = sql!("DELETE FROM event_cursors WHERE sink = $1");
}

/// How far a recipient is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub sink: String,
    /// Everything up to it was taken.
    pub position: i64,
    pub moved_at: Timestamp,
    pub failing: Option<Failing>,
    pub refused: Option<Refused>,
}

/// Nothing is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    pub since: Timestamp,
    pub reason: String,
    /// How often it was tried.
    pub times: i64,
}

/// The event at which it stands, of what is new or of what is told once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    pub position: i64,
    /// When for the first time.
    pub since: Timestamp,
    /// How often it was refused; never, when nothing is taken whatever it is.
    pub times: i64,
}

pub async fn find(read: &mut Read, sink: &str) -> Result<Option<Cursor>> {
    // Not every database compares other names with ours, or sees blanks at their end.
    if !sink.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(None);
    }
    Ok(fetch_optional!(read, FIND, Row, sink)?.map(Cursor::from))
}

/// By name.
pub async fn all(read: &mut Read) -> Result<Vec<Cursor>> {
    Ok(fetch_all!(read, ALL, Row)?.into_iter().map(Cursor::from).collect())
}

/// Of what was before it, it is never told.
pub async fn insert(tx: &mut Tx, sink: &str, position: i64, now: Timestamp) -> Result<()> {
    execute!(tx, INSERT, sink, position, position, now.as_micros())?;
    Ok(())
}

/// Where it was when it began.
pub async fn began_after(read: &mut Read, sink: &str) -> Result<i64> {
    fetch_one!(read, BEGAN, (i64,), sink).map(|(position,)| position)
}

/// Moves it on from `last`; stale when somebody else leads or has moved it by now.
pub async fn advance(
    tx: &mut Tx,
    epoch: Epoch,
    sink: &str,
    last: i64,
    next: i64,
    now: Timestamp,
) -> Result<()> {
    event_leader::hold(tx, epoch).await?;
    pass(tx, sink, last, next, now).await
}

/// The same for somebody who does not lead.
pub async fn pass(tx: &mut Tx, sink: &str, last: i64, next: i64, now: Timestamp) -> Result<()> {
    let moved = execute!(tx, MOVE, next, now.as_micros(), sink, last)?;
    if moved == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Says why nothing is taken; since when, only the first time. Stale when somebody else leads.
pub async fn fail(
    tx: &mut Tx,
    epoch: Epoch,
    sink: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    event_leader::hold(tx, epoch).await?;
    execute!(tx, FAIL, now.as_micros(), reason, sink)?;
    Ok(())
}

/// Says at which event it stands. Stale when somebody else leads.
pub async fn refuse(tx: &mut Tx, epoch: Epoch, sink: &str, refused: &Refused) -> Result<()> {
    event_leader::hold(tx, epoch).await?;
    let Refused { position, since, times } = refused;
    execute!(tx, REFUSE, *position, since.as_micros(), *times, sink)?;
    Ok(())
}

/// It takes events again. Stale when somebody else leads.
pub async fn recover(tx: &mut Tx, epoch: Epoch, sink: &str) -> Result<()> {
    event_leader::hold(tx, epoch).await?;
    execute!(tx, RECOVER, sink)?;
    Ok(())
}

/// No event is in its way any more. Stale when somebody else leads.
pub async fn pardon(tx: &mut Tx, epoch: Epoch, sink: &str) -> Result<()> {
    event_leader::hold(tx, epoch).await?;
    execute!(tx, PARDON, sink)?;
    Ok(())
}

/// What went wrong so far counts no more, whoever leads.
pub async fn absolve(tx: &mut Tx, sink: &str) -> Result<()> {
    execute!(tx, RECOVER, sink)?;
    execute!(tx, PARDON, sink)?;
    Ok(())
}

/// Nobody removes it before the transaction is over; false when there is none.
pub async fn hold(tx: &mut Tx, sink: &str) -> Result<bool> {
    Ok(execute!(tx, HOLD, sink)? == 1)
}

/// False when there is none.
pub async fn remove(tx: &mut Tx, sink: &str) -> Result<bool> {
    Ok(execute!(tx, REMOVE, sink)? == 1)
}

#[derive(sqlx::FromRow)]
struct Row {
    sink: String,
    position: i64,
    moved_at: i64,
    failing_since: Option<i64>,
    reason: Option<String>,
    failures: i64,
    refused_position: Option<i64>,
    refused_since: Option<i64>,
    refusals: i64,
}

impl From<Row> for Cursor {
    fn from(row: Row) -> Self {
        let failing = row.failing_since.map(|since| Failing {
            since: Timestamp::from_micros(since),
            reason: row.reason.unwrap_or_default(),
            times: row.failures,
        });
        let refused = row.refused_position.zip(row.refused_since);
        let refused = refused.map(|(position, since)| Refused {
            position,
            since: Timestamp::from_micros(since),
            times: row.refusals,
        });
        Self {
            sink: row.sink,
            position: row.position,
            moved_at: Timestamp::from_micros(row.moved_at),
            failing,
            refused,
        }
    }
}
