//! The `schedules` table: when what happens again and again happens next.

use domain::Timestamp;

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FIND = sql!("SELECT cron, due_at FROM schedules WHERE name = $1");
    INSERT = sql!(
        "INSERT INTO schedules (name, cron, due_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        mysql: "INSERT IGNORE INTO schedules (name, cron, due_at) VALUES ($1, $2, $3)"
    );
    MOVE = sql!(
        "UPDATE schedules SET cron = $1, due_at = $2 WHERE name = $3 AND cron = $4 AND due_at = $5"
    );
}

/// What was promised last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub cron: String,
    pub due_at: Timestamp,
}

pub async fn find(read: &mut Read, name: &str) -> Result<Option<Schedule>> {
    let row = fetch_optional!(read, FIND, (String, i64), name)?;
    Ok(row.map(|(cron, due_at)| Schedule { cron, due_at: Timestamp::from_micros(due_at) }))
}

/// False when somebody was first.
pub async fn insert(tx: &mut Tx, name: &str, next: &Schedule) -> Result<bool> {
    Ok(execute!(tx, INSERT, name, &next.cron, next.due_at.as_micros())? == 1)
}

/// False when somebody has moved it from `last` already.
pub async fn advance(tx: &mut Tx, name: &str, last: &Schedule, next: &Schedule) -> Result<bool> {
    let moved = execute!(
        tx,
        MOVE,
        &next.cron,
        next.due_at.as_micros(),
        name,
        &last.cron,
        last.due_at.as_micros(),
    )?;
    Ok(moved == 1)
}
