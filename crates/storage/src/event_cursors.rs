//! The `event_cursors` table: how far each recipient of the log is.

use domain::Timestamp;

use crate::error::{Error, Result};
use crate::event_leader::{self, Epoch};
use crate::store::{Read, Tx};

statements! {
    FIND = sql!("SELECT sink, position, moved_at, failing_since, reason FROM event_cursors WHERE sink = $1");
    ALL = sql!("SELECT sink, position, moved_at, failing_since, reason FROM event_cursors ORDER BY sink");
    INSERT = sql!(
        "INSERT INTO event_cursors (sink, position, began_after, moved_at) VALUES ($1, $2, $3, $4)"
    );
    BEGAN = sql!("SELECT began_after FROM event_cursors WHERE sink = $1");
    MOVE = sql!(
        "UPDATE event_cursors SET position = $1, moved_at = $2, failing_since = NULL, reason = NULL \
         WHERE sink = $3 AND position = $4"
    );
    FAIL = sql!(
        "UPDATE event_cursors SET failing_since = COALESCE(failing_since, $1), reason = $2 \
         WHERE sink = $3"
    );
    RECOVER = sql!(
        "UPDATE event_cursors SET failing_since = NULL, reason = NULL WHERE sink = $1"
    );
    REMOVE = sql!("DELETE FROM event_cursors WHERE sink = $1");
}

/// How far a recipient is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub sink: String,
    /// Everything up to it was taken.
    pub position: i64,
    pub moved_at: Timestamp,
    /// Since when and why nothing is taken.
    pub failing: Option<(Timestamp, String)>,
}

type Row = (String, i64, i64, Option<i64>, Option<String>);

pub async fn find(read: &mut Read, sink: &str) -> Result<Option<Cursor>> {
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
    let moved = execute!(tx, MOVE, next, now.as_micros(), sink, last)?;
    if moved == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Says why nothing is taken; since when, only the first time.
pub async fn fail(tx: &mut Tx, sink: &str, reason: &str, now: Timestamp) -> Result<()> {
    execute!(tx, FAIL, now.as_micros(), reason, sink)?;
    Ok(())
}

/// It takes events again.
pub async fn recover(tx: &mut Tx, sink: &str) -> Result<()> {
    execute!(tx, RECOVER, sink)?;
    Ok(())
}

pub async fn remove(tx: &mut Tx, sink: &str) -> Result<()> {
    execute!(tx, REMOVE, sink)?;
    Ok(())
}

impl From<Row> for Cursor {
    fn from((sink, position, moved_at, failing_since, reason): Row) -> Self {
        let since = failing_since.map(Timestamp::from_micros);
        Self {
            sink,
            position,
            moved_at: Timestamp::from_micros(moved_at),
            failing: since.map(|since| (since, reason.unwrap_or_default())),
        }
    }
}
