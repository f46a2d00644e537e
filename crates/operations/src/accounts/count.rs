//! How many accounts there are, for pages that say so with each answer.

use std::time::Duration;

use domain::Timestamp;
use storage::users;
use tokio::sync::Mutex;

use crate::error::Result;
use crate::services::Services;

/// So many are counted each time, which is soon done.
const SOON: i64 = 100_000;
/// Where there are more, nobody sees a difference that is no older.
const REMEMBERED: Duration = Duration::from_mins(1);

/// Held while it is counted: who asks meanwhile waits for the same number.
#[derive(Default)]
pub(crate) struct RememberedCount(Mutex<Option<(Timestamp, i64)>>);

impl RememberedCount {
    async fn or_count(
        &self,
        now: Timestamp,
        count: impl AsyncFnOnce() -> Result<i64>,
    ) -> Result<i64> {
        let mut remembered = self.0.lock().await;
        if let Some((at, count)) = *remembered
            && now.since(at) < REMEMBERED
        {
            return Ok(count);
        }
        let counted = count().await?;
        *remembered = Some((now, counted));
        Ok(counted)
    }
}

/// Active and blocked accounts: exactly where they are few, else as they were a moment ago.
pub(super) async fn count_present(services: &Services) -> Result<i64> {
    let soon = users::count_present(&mut services.store.read().await?, SOON + 1).await?;
    if soon <= SOON {
        return Ok(soon);
    }
    let now = services.clock.now();
    let all = async || Ok(users::count_present(&mut services.store.read().await?, i64::MAX).await?);
    services.present.or_count(now, all).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_counted_once_in_a_while() {
        let remembered = RememberedCount::default();
        let start = Timestamp::from_micros(0);
        for (later, counted, expected) in [(0, 1, 1), (59, 2, 1), (60, 3, 3), (61, 4, 3)] {
            let now = start + Duration::from_secs(later);
            let count = remembered.or_count(now, async || Ok(counted)).await;
            assert_eq!(count.ok(), Some(expected), "after {later} s");
        }
    }
}
