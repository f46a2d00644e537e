//! What a worker says of the job in its hands. Every answer is false when its lease was lost.

use domain::Timestamp;

use super::LeasedJob;
use crate::error::Result;
use crate::store::Tx;

statements! {
    /// The payload may name people; nothing needs it any more.
    FINISH = sql!(
        "UPDATE jobs SET state = 'done', payload = $1, unique_key = NULL, leased_until = NULL, \
         last_error = $2, finished_at = $3 WHERE id = $4 AND lease = $5 AND state = 'running'"
    );
    RETRY = sql!(
        "UPDATE jobs SET state = 'ready', run_at = $1, max_attempts = $2, leased_until = NULL, \
         last_error = $3 WHERE id = $4 AND lease = $5 AND state = 'running'"
    );
    HAND_BACK = sql!(
        "UPDATE jobs SET state = 'ready', run_at = $1, attempts = attempts - 1, \
         leased_until = NULL WHERE id = $2 AND lease = $3 AND state = 'running'"
    );
    PARK = sql!(
        "UPDATE jobs SET state = 'parked', run_at = $1, leased_until = NULL, last_error = $2 \
         WHERE id = $3 AND lease = $4 AND state = 'running'"
    );
    /// Like [`PARK`], with a payload that nobody opens any more.
    GIVE_UP = sql!(
        "UPDATE jobs SET state = 'parked', run_at = $1, payload = $2, leased_until = NULL, \
         last_error = $3 WHERE id = $4 AND lease = $5 AND state = 'running'"
    );
}

/// When it is tried again.
#[derive(Clone, Copy, Debug)]
pub struct Retry<'a> {
    pub run_at: Timestamp,
    pub max_attempts: i64,
    pub error: &'a str,
}

/// `note` says why there was nothing to do, where there was not.
pub async fn finish(
    tx: &mut Tx,
    job: &LeasedJob,
    now: Timestamp,
    note: Option<&str>,
) -> Result<bool> {
    let nothing: &[u8] = &[];
    Ok(execute!(tx, FINISH, nothing, note, now.as_micros(), job.id.0, job.lease)? == 1)
}

/// Ready again, later.
pub async fn retry(tx: &mut Tx, job: &LeasedJob, retry: Retry<'_>) -> Result<bool> {
    let Retry { run_at, max_attempts, error } = retry;
    Ok(execute!(tx, RETRY, run_at.as_micros(), max_attempts, error, job.id.0, job.lease)? == 1)
}

/// Ready at `run_at`, as if nobody had taken it.
pub async fn hand_back(tx: &mut Tx, job: &LeasedJob, run_at: Timestamp) -> Result<bool> {
    Ok(execute!(tx, HAND_BACK, run_at.as_micros(), job.id.0, job.lease)? == 1)
}

/// Out of attempts: waits for a person.
pub async fn park(tx: &mut Tx, job: &LeasedJob, now: Timestamp, error: &str) -> Result<bool> {
    Ok(execute!(tx, PARK, now.as_micros(), error, job.id.0, job.lease)? == 1)
}

/// Out of attempts, and not for a person to try again: nothing of what it carried is left.
pub async fn give_up(tx: &mut Tx, job: &LeasedJob, now: Timestamp, error: &str) -> Result<bool> {
    let nothing: &[u8] = &[];
    Ok(execute!(tx, GIVE_UP, now.as_micros(), nothing, error, job.id.0, job.lease)? == 1)
}
