//! The `jobs` table: work promised by operations, leased by one worker at a time.
//!
//! A lease is a number that grows with every claim: whoever finishes with an older one was
//! overtaken, and changes nothing.

use domain::{JobId, Timestamp, UserId};

use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    INSERT = sql!(
        "INSERT INTO jobs (id, kind, message, unique_key, payload, user_id, state, run_at, attempts, \
         max_attempts, lease, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'ready', $7, 0, $8, 0, $9)"
    );
    NEXT_READY = sql!(
        "SELECT id, kind, message, payload, user_id, attempts, max_attempts, lease FROM jobs \
         WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED",
        sqlite: "SELECT id, kind, message, payload, user_id, attempts, max_attempts, lease FROM jobs \
         WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at LIMIT 1"
    );
    IS_DUE = sql!("SELECT kind FROM jobs WHERE state = 'ready' AND run_at <= $1 LIMIT 1");
    LEASE = sql!(
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease = lease + 1, \
         leased_until = $1 WHERE id = $2"
    );
    RELEASE_EXPIRED = sql!(
        "UPDATE jobs SET state = 'ready', leased_until = NULL \
         WHERE state = 'running' AND leased_until < $1"
    );
    /// The payload may name people; nothing needs it any more.
    FINISH = sql!(
        "UPDATE jobs SET state = 'done', payload = $1, unique_key = NULL, leased_until = NULL, \
         last_error = NULL, finished_at = $2 WHERE id = $3 AND lease = $4 AND state = 'running'"
    );
    POSTPONE = sql!(
        "UPDATE jobs SET state = $1, run_at = $2, leased_until = NULL, last_error = $3 \
         WHERE id = $4 AND lease = $5 AND state = 'running'"
    );
    /// Like [`POSTPONE`], with a payload that nobody opens any more.
    GIVE_UP = sql!(
        "UPDATE jobs SET state = 'parked', run_at = $1, payload = $2, leased_until = NULL, \
         last_error = $3 WHERE id = $4 AND lease = $5 AND state = 'running'"
    );
    CANCEL = sql!("DELETE FROM jobs WHERE unique_key = $1 AND state = 'ready'");
    /// But the erasure itself, which runs.
    DELETE_OF_USER = sql!(
        "DELETE FROM jobs WHERE user_id = $1 \
         AND (state <> 'running' OR kind <> 'purge_account') \
         AND (message IS NULL OR message <> $2)"
    );
    OF_USER = sql!(
        "SELECT id, kind, message, state, run_at, attempts, max_attempts, last_error, created_at, \
         finished_at FROM jobs WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2"
    );
    DELETE_FINISHED = delete_some!("jobs", "id", "state = 'done' AND finished_at < ");
    COUNT = sql!("SELECT state, COUNT(*) FROM jobs GROUP BY state");
}

pub struct NewJob<'a> {
    pub id: JobId,
    pub kind: &'static str,
    /// Which mail it is, where it is one.
    pub message: Option<&'static str>,
    /// At most one job with this key exists at a time.
    pub unique_key: Option<&'a str>,
    /// Sealed: jobs carry addresses and secrets.
    pub payload: &'a [u8],
    pub user_id: Option<UserId>,
    pub run_at: Timestamp,
    pub max_attempts: i64,
    pub now: Timestamp,
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
}

/// What became of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobOfUser {
    pub id: JobId,
    pub kind: String,
    pub message: Option<String>,
    /// `ready`, `running`, `done` or `parked`.
    pub state: String,
    pub run_at: Timestamp,
    pub attempts: i64,
    pub max_attempts: i64,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct JobOfUserRow {
    id: uuid::Uuid,
    kind: String,
    message: Option<String>,
    state: String,
    run_at: i64,
    attempts: i64,
    max_attempts: i64,
    last_error: Option<String>,
    created_at: i64,
    finished_at: Option<i64>,
}

pub async fn insert(tx: &mut Tx, job: &NewJob<'_>) -> Result<()> {
    execute!(
        tx,
        INSERT,
        job.id.0,
        job.kind,
        job.message,
        job.unique_key,
        job.payload,
        job.user_id.map(|id| id.0),
        job.run_at.as_micros(),
        job.max_attempts,
        job.now.as_micros(),
    )?;
    Ok(())
}

/// Whether [`lease_next`] would find one; asks without locking anything.
pub async fn is_due(read: &mut Read, now: Timestamp) -> Result<bool> {
    Ok(fetch_optional!(read, IS_DUE, (String,), now.as_micros())?.is_some())
}

/// Takes the job that is due the longest, if any, until `leased_until`.
pub async fn lease_next(
    tx: &mut Tx,
    now: Timestamp,
    leased_until: Timestamp,
) -> Result<Option<LeasedJob>> {
    let Some(row) = fetch_optional!(tx, NEXT_READY, JobRow, now.as_micros())? else {
        return Ok(None);
    };
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
    }))
}

/// Makes the jobs of workers that died ready again; answers how many.
pub async fn release_expired(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    execute!(tx, RELEASE_EXPIRED, now.as_micros())
}

/// False when the lease was lost.
pub async fn finish(tx: &mut Tx, job: &LeasedJob, now: Timestamp) -> Result<bool> {
    let nothing: &[u8] = &[];
    Ok(execute!(tx, FINISH, nothing, now.as_micros(), job.id.0, job.lease)? == 1)
}

/// Ready again at `run_at`. False when the lease was lost.
pub async fn retry(tx: &mut Tx, job: &LeasedJob, run_at: Timestamp, error: &str) -> Result<bool> {
    postpone(tx, job, "ready", run_at, error).await
}

/// Out of attempts: waits for a person. False when the lease was lost.
pub async fn park(tx: &mut Tx, job: &LeasedJob, now: Timestamp, error: &str) -> Result<bool> {
    postpone(tx, job, "parked", now, error).await
}

/// Removes the waiting job with this key, if any.
pub async fn cancel(tx: &mut Tx, unique_key: &str) -> Result<()> {
    execute!(tx, CANCEL, unique_key)?;
    Ok(())
}

/// Out of attempts, and not for a person to try again: nothing of what it carried is left. False
/// when the lease was lost.
pub async fn give_up(tx: &mut Tx, job: &LeasedJob, now: Timestamp, error: &str) -> Result<bool> {
    let nothing: &[u8] = &[];
    Ok(execute!(tx, GIVE_UP, now.as_micros(), nothing, error, job.id.0, job.lease)? == 1)
}

/// Removes all that waits, waited or is being done for the user, but the mail that is called `last`.
/// A worker that has one of them in its hands settles nothing any more: a mail that is refused then
/// is not kept with its address (LIF-06).
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId, last: &str) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0, last)?;
    Ok(())
}

/// Up to `limit` jobs of the user, the newest first; without what they carry.
pub async fn of_user(read: &mut Read, user_id: UserId, limit: i64) -> Result<Vec<JobOfUser>> {
    let rows = fetch_all!(read, OF_USER, JobOfUserRow, user_id.0, limit)?;
    Ok(rows.into_iter().map(JobOfUser::from).collect())
}

/// Forgets jobs finished before `before`.
/// At most [`PIECE`].
pub async fn delete_finished(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_FINISHED, before.as_micros(), before.as_micros(), PIECE)
}

/// How many jobs there are in each state.
pub async fn count_by_state(read: &mut Read) -> Result<Vec<(String, i64)>> {
    fetch_all!(read, COUNT, (String, i64))
}

async fn postpone(
    tx: &mut Tx,
    job: &LeasedJob,
    state: &str,
    run_at: Timestamp,
    error: &str,
) -> Result<bool> {
    Ok(execute!(tx, POSTPONE, state, run_at.as_micros(), error, job.id.0, job.lease)? == 1)
}

impl From<JobOfUserRow> for JobOfUser {
    fn from(row: JobOfUserRow) -> Self {
        Self {
            id: JobId(row.id),
            kind: row.kind,
            message: row.message,
            state: row.state,
            run_at: Timestamp::from_micros(row.run_at),
            attempts: row.attempts,
            max_attempts: row.max_attempts,
            last_error: row.last_error,
            created_at: Timestamp::from_micros(row.created_at),
            finished_at: row.finished_at.map(Timestamp::from_micros),
        }
    }
}
