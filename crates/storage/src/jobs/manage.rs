//! What a person does about a job that no worker has in its hands.

use domain::{JobId, Timestamp};

use crate::error::Result;
use crate::store::Tx;

statements! {
    /// What was given up carries nothing that could be done.
    RUN_AGAIN = sql!(
        "UPDATE jobs SET state = 'ready', run_at = $1, attempts = 0 \
         WHERE id = $2 AND state IN ('ready', 'parked') AND LENGTH(payload) > 0"
    );
    SET_ASIDE = sql!(
        "UPDATE jobs SET state = 'parked', run_at = $1, last_error = $2 \
         WHERE id = $3 AND state = 'ready'"
    );
}

/// Due at once, with all its attempts before it. False when it neither waits nor is parked.
pub async fn run_again(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool> {
    let is_ready = execute!(tx, RUN_AGAIN, now.as_micros(), id.0)? == 1;
    if is_ready {
        tx.promise_any();
    }
    Ok(is_ready)
}

/// Parked before its time. False when it does not wait.
pub async fn set_aside(tx: &mut Tx, id: JobId, now: Timestamp, reason: &str) -> Result<bool> {
    Ok(execute!(tx, SET_ASIDE, now.as_micros(), reason, id.0)? == 1)
}
