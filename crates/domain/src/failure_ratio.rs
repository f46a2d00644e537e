//! How many of a minute's proofs of passwords failed, over all accounts and addresses (LGN-14).

use std::time::Duration;

use crate::time::Timestamp;

const MINUTE: Duration = Duration::from_mins(1);
/// Below so many failures a minute nothing is concluded.
const FEW: u32 = 100;

#[derive(Clone, Debug, Default)]
pub struct FailureRatio {
    begun_at: Option<Timestamp>,
    told_at: Option<Timestamp>,
    proofs: u32,
    failures: u32,
}

/// More than half of many failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MostFailed {
    pub failures: u32,
    pub proofs: u32,
}

impl FailureRatio {
    /// Counts a proof; answers what is worth an alarm, once a minute at most.
    pub fn count(&mut self, failed: bool, now: Timestamp) -> Option<MostFailed> {
        // Not within the minute either: the clock was set back.
        let is_within = |since: Timestamp| since <= now && now.since(since) < MINUTE;
        if !self.begun_at.is_some_and(is_within) {
            *self = Self { begun_at: Some(now), told_at: self.told_at, ..Self::default() };
        }
        self.proofs = self.proofs.saturating_add(1);
        self.failures = self.failures.saturating_add(u32::from(failed));
        let Self { failures, proofs, .. } = *self;
        let are_most = failures > FEW && u64::from(failures) * 2 > u64::from(proofs);
        if !are_most || self.told_at.is_some_and(is_within) {
            return None;
        }
        self.told_at = Some(now);
        Some(MostFailed { failures, proofs })
    }
}
