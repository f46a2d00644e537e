//! How much waits, for `/metrics`.

use storage::jobs::{self, Lane, State};

use crate::error::Result;
use crate::measures;
use crate::services::Services;

/// Every instance tells the same: it is the same table.
pub(crate) async fn observe(services: &Services) -> Result<()> {
    let now = services.clock.now();
    let waiting = jobs::waiting(&mut services.store.read().await?, now).await?;
    for lane in Lane::ALL {
        for (state, name) in
            [(State::Ready, "due"), (State::Running, "running"), (State::Parked, "parked")]
        {
            let found = waiting.iter().find(|one| one.lane == lane.as_str() && one.state == state);
            let count = found.map_or(0, |found| found.count);
            #[expect(clippy::cast_precision_loss, reason = "nobody counts so many jobs")]
            metrics::gauge!(measures::JOBS, "lane" => lane.as_str(), "state" => name)
                .set(count as f64);
            if state == State::Ready {
                let late = found.map_or(0.0, |found| now.since(found.oldest).as_secs_f64());
                metrics::gauge!(measures::JOBS_LATE_SECONDS, "lane" => lane.as_str()).set(late);
            }
        }
    }
    Ok(())
}
