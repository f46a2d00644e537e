//! The `event_dead_letters` table: events that a recipient refused for good.

use domain::Timestamp;

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FORGET = sql!("DELETE FROM event_dead_letters WHERE sink = $1 AND position = $2");
    INSERT = sql!(
        "INSERT INTO event_dead_letters (sink, position, reason, parked_at) VALUES ($1, $2, $3, $4)"
    );
    FORGET_SOME = sql!(
        "DELETE FROM event_dead_letters WHERE sink = $1 AND position > $2 AND position <= $3"
    );
    COUNT = sql!("SELECT COUNT(*) FROM event_dead_letters WHERE sink = $1");
    LIST = sql!(
        "SELECT sink, position, reason, parked_at FROM event_dead_letters \
         ORDER BY parked_at DESC, sink, position DESC LIMIT $1"
    );
    OF_SINK = sql!("DELETE FROM event_dead_letters WHERE sink = $1");
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    pub sink: String,
    pub position: i64,
    pub reason: String,
    pub parked_at: Timestamp,
}

/// What is parked again has a new reason.
pub async fn park(tx: &mut Tx, letter: &DeadLetter) -> Result<()> {
    forget(tx, &letter.sink, letter.position).await?;
    let parked_at = letter.parked_at.as_micros();
    execute!(tx, INSERT, &letter.sink, letter.position, &letter.reason, parked_at)?;
    Ok(())
}

/// It was taken after all.
pub async fn forget(tx: &mut Tx, sink: &str, position: i64) -> Result<()> {
    execute!(tx, FORGET, sink, position)?;
    Ok(())
}

/// The same for all after `last` up to `next`.
pub async fn forget_between(tx: &mut Tx, sink: &str, last: i64, next: i64) -> Result<()> {
    execute!(tx, FORGET_SOME, sink, last, next)?;
    Ok(())
}

pub async fn forget_all(tx: &mut Tx, sink: &str) -> Result<()> {
    execute!(tx, OF_SINK, sink)?;
    Ok(())
}

pub async fn count(read: &mut Read, sink: &str) -> Result<i64> {
    fetch_one!(read, COUNT, (i64,), sink).map(|(count,)| count)
}

/// The newest first.
pub async fn list(read: &mut Read, limit: i64) -> Result<Vec<DeadLetter>> {
    let rows = fetch_all!(read, LIST, (String, i64, String, i64), limit)?;
    let letter = |(sink, position, reason, at)| DeadLetter {
        sink,
        position,
        reason,
        parked_at: Timestamp::from_micros(at),
    };
    Ok(rows.into_iter().map(letter).collect())
}
