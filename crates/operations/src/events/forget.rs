//! Forgetting the oldest events, where the log is not kept for good.

use domain::Timestamp;
use storage::{Tx, event_cursors, event_dead_letters, event_log, event_replays, revocations};

use crate::error::Result;
use crate::services::Services;

/// Forgets a piece of what is older than events are kept, was taken by every stream, and is not to be told
/// once more; answers how many events those were.
pub(crate) async fn forget_some(services: &Services, tx: &mut Tx) -> Result<u64> {
    let Some(keep) = services.keep_events else { return Ok(0) };
    let cursors = event_cursors::all(tx).await?;
    let taken = cursors.iter().map(|cursor| cursor.position).min().unwrap_or(i64::MAX);
    let told_again = event_replays::least(tx).await?.unwrap_or(i64::MAX);
    // They were recorded by this clock.
    let before = Timestamp::from_micros(revocations::now(tx).await?.0) - keep;
    let (count, last) = event_log::forget_oldest(tx, before, taken.min(told_again)).await?;
    if count > 0 {
        for cursor in &cursors {
            event_dead_letters::forget_between(tx, &cursor.sink, 0, last).await?;
        }
    }
    Ok(count)
}
