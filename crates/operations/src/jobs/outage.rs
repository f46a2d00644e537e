//! What a lane does while whoever takes its messages cannot be reached: it waits, instead of trying
//! every message that there is.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use storage::jobs::Lane;
use tokio::time::Instant;

use crate::measures;
use crate::ports::Entropy;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// So much later than the way is open again, messages go out.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Of one lane, in one process.
pub(super) struct Outage {
    lane: Lane,
    state: Mutex<Option<Closed>>,
}

struct Closed {
    failures: u32,
    until: Instant,
}

impl Outage {
    pub(super) fn new(lane: Lane) -> Self {
        metrics::gauge!(measures::JOBS_LANE_OPEN, "lane" => lane.as_str()).set(1.0);
        Self { lane, state: Mutex::default() }
    }

    /// How long to leave it alone; none when it is open, or worth a try.
    pub(super) fn pause(&self) -> Option<Duration> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let left = state.as_ref()?.until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Nothing got through. The pauses double, and are spread by up to a quarter.
    pub(super) fn fell(&self, entropy: &dyn Entropy) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that were under way when another one closed the lane say nothing new.
        if state.as_ref().is_some_and(|closed| closed.until > Instant::now()) {
            return;
        }
        let failures = state.as_ref().map_or(0, |closed| closed.failures);
        let pause = FIRST_PAUSE.saturating_mul(1 << failures.min(10)).min(LONGEST_PAUSE);
        let [chance] = entropy.bytes::<1>();
        let until = Instant::now() + pause.mul_f64(1.0 + f64::from(chance) / 1024.0);
        if failures == 0 {
            tracing::warn!(lane = self.lane.as_str(), "nothing gets through: the lane waits");
        }
        metrics::gauge!(measures::JOBS_LANE_OPEN, "lane" => self.lane.as_str()).set(0.0);
        *state = Some(Closed { failures: failures + 1, until });
    }

    /// Something got through.
    pub(super) fn passed(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.take().is_some() {
            tracing::info!(lane = self.lane.as_str(), "the lane is open again");
            metrics::gauge!(measures::JOBS_LANE_OPEN, "lane" => self.lane.as_str()).set(1.0);
        }
    }
}
