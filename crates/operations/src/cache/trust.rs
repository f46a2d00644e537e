//! For how long the log, once read, is taken for what happened.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The bound within which a change on one instance is felt on every other.
const BOUND: Duration = Duration::from_secs(1);

/// When the log was last read to its end.
pub(super) struct Trust {
    base: Instant,
    /// Nanoseconds after `base`; zero: never.
    read_at: AtomicU64,
}

impl Trust {
    pub(super) fn new() -> Self {
        Self { base: Instant::now(), read_at: AtomicU64::new(0) }
    }

    /// The log was read to its end by a question that was asked at `asked_at`.
    pub(super) fn renew(&self, asked_at: Instant) {
        self.read_at.store(self.since_base(asked_at).max(1), Ordering::SeqCst);
    }

    pub(super) fn holds(&self) -> bool {
        self.holds_at(Instant::now())
    }

    fn holds_at(&self, now: Instant) -> bool {
        let read_at = self.read_at.load(Ordering::SeqCst);
        let age = self.since_base(now).saturating_sub(read_at);
        read_at > 0 && Duration::from_nanos(age) < BOUND
    }

    fn since_base(&self, moment: Instant) -> u64 {
        let passed = moment.saturating_duration_since(self.base);
        u64::try_from(passed.as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_is_nothing_at_first_and_ends_a_second_after_the_question() {
        let trust = Trust::new();
        let asked_at = trust.base + Duration::from_mins(1);
        assert!(!trust.holds_at(trust.base));
        trust.renew(asked_at);
        assert!(trust.holds_at(asked_at));
        assert!(!trust.holds_at(asked_at + BOUND));
    }
}
