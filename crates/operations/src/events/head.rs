//! How long the log is, asked once for all who wait for it in this process.

use std::time::Duration;

use storage::event_leader;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Result;
use crate::services::Services;

/// For so long nobody asks again.
const FRESH: Duration = Duration::from_millis(200);

#[derive(Default)]
pub(crate) struct KnownHead(Mutex<Option<Seen>>);

struct Seen {
    head: i64,
    at: Instant,
    /// How often something had been numbered here by then.
    times: u64,
}

/// The number that was given last. It may be a moment old, but knows what this process numbered.
pub(super) async fn known_head(services: &Services) -> Result<i64> {
    let mut seen = services.event_head.0.lock().await;
    let (at, times) = (Instant::now(), services.bell.times_numbered());
    if let Some(seen) = &*seen
        && seen.times == times
        && seen.at.elapsed() < FRESH
    {
        return Ok(seen.head);
    }
    let mut read = services.store.read().await?;
    let head = event_leader::head(&mut read).await?;
    *seen = Some(Seen { head, at, times });
    Ok(head)
}
