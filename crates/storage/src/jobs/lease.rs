//! One worker at a time.
//!
//! A lease is a number that grows with every claim: whoever finishes with an older one was
//! overtaken, and changes nothing.

use domain::{JobId, Timestamp, UserId};

use super::Lane;
use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    NEXT_READY = sql!(
        "SELECT id, kind, message, payload, user_id, attempts, max_attempts, lease, created_at \
         FROM jobs WHERE lane = $1 AND state = 'ready' AND run_at <= $2 \
         ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
        sqlite: "SELECT id, kind, message, payload, user_id, attempts, max_attempts, lease, \
         created_at FROM jobs WHERE lane = $1 AND state = 'ready' AND run_at <= $2 \
         ORDER BY run_at, id LIMIT 1"
    );
    IS_DUE =
        sql!("SELECT kind FROM jobs WHERE lane = $1 AND state = 'ready' AND run_at <= $2 LIMIT 1");
    LEASE = sql!(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease = lease + 1, \
         leased_until = $1 WHERE id = $2"
    );
    IS_HELD = sql!("SELECT kind FROM jobs WHERE id = $1 AND lease = $2 AND state = 'running'");
    RELEASE_EXPIRED = sql!(
        "UPDATE jobs SET state = 'ready', leased_until = NULL \
         WHERE state = 'running' AND leased_until < $1"
    );
}

/// A job in the hands of one worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeasedJob {
    pub id: JobId,
    pub kind: String,
    pub message: Option<String>,
    pub payload: Vec<u8>,
    pub user_id: Option<UserId>,
    /// This attempt included.
    pub attempts: i64,
    pub max_attempts: i64,
    pub lease: i64,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: uuid::Uuid,
    kind: String,
    message: Option<String>,
    payload: Vec<u8>,
    user_id: Option<uuid::Uuid>,
    attempts: i64,
    max_attempts: i64,
    lease: i64,
    created_at: i64,
}

/// Whether [`lease_next`] would find one; asks without locking anything.
pub async fn is_due(read: &mut Read, lane: Lane, now: Timestamp) -> Result<bool> {
    Ok(fetch_optional!(read, IS_DUE, (String,), lane.as_str(), now.as_micros())?.is_some())
}

/// Takes the job of the lane that is due the longest, if any, until `leased_until`.
pub async fn lease_next(
    tx: &mut Tx,
    lane: Lane,
    now: Timestamp,
    leased_until: Timestamp,
) -> Result<Option<LeasedJob>> {
    let found = fetch_optional!(tx, NEXT_READY, JobRow, lane.as_str(), now.as_micros())?;
    let Some(row) = found else { return Ok(None) };
    execute!(tx, LEASE, leased_until.as_micros(), row.id)?;
    Ok(Some(LeasedJob {
        id: JobId(row.id),
        kind: row.kind,
        message: row.message,
        payload: row.payload,
        user_id: row.user_id.map(UserId),
        attempts: row.attempts + 1,
        max_attempts: row.max_attempts,
        lease: row.lease + 1,
        created_at: Timestamp::from_micros(row.created_at),
    }))
}

/// Whether nobody has overtaken whoever took it.
pub async fn is_held(read: &mut Read, job: &LeasedJob) -> Result<bool> {
    Ok(fetch_optional!(read, IS_HELD, (String,), job.id.0, job.lease)?.is_some())
}

/// Makes the jobs of workers that died ready again; answers how many.
pub async fn release_expired(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let released = execute!(tx, RELEASE_EXPIRED, now.as_micros())?;
    if released > 0 {
        tx.promise_any();
    }
    Ok(released)
}
