//! Limits in the memory of this process: for one instance, and for when the shared store is away.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::Timestamp;
use domain::limit::{Arrivals, Quotas, Verdict};

use crate::ports::{LimitKey, LimiterResult, RateLimiter};

/// More are not kept: about ten megabytes.
const MOST: usize = 100_000;

#[derive(Default)]
pub struct MemoryLimiter {
    kept: Mutex<HashMap<LimitKey, Arrivals>>,
}

impl MemoryLimiter {
    pub fn take_now(&self, key: &LimitKey, quotas: &Quotas, now: Timestamp) -> Verdict {
        let mut kept = self.kept();
        let arrivals = kept.get(key).copied().unwrap_or_default();
        let (verdict, next) = quotas.take(arrivals, now);
        if !kept.contains_key(key) && kept.len() >= MOST {
            make_room(&mut kept, now);
        }
        kept.insert(*key, next);
        verdict
    }

    pub fn give_back_now(&self, key: &LimitKey, quotas: &Quotas) {
        if let Some(arrivals) = self.kept().get_mut(key) {
            *arrivals = quotas.give_back(*arrivals);
        }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<LimitKey, Arrivals>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// First what is over; then those who would be whole again the soonest, for they have taken least.
fn make_room(kept: &mut HashMap<LimitKey, Arrivals>, now: Timestamp) {
    kept.retain(|_, arrivals| !is_over(arrivals, now));
    if kept.len() < MOST {
        return;
    }
    let whole_at = |arrivals: &Arrivals| arrivals.iter().flatten().max().copied();
    let mut ends: Vec<_> = kept.values().map(whole_at).collect();
    let (_, median, _) = ends.select_nth_unstable(MOST / 8);
    let median = *median;
    kept.retain(|_, arrivals| whole_at(arrivals) > median);
}

fn is_over(arrivals: &Arrivals, now: Timestamp) -> bool {
    arrivals.iter().flatten().all(|arrival| *arrival <= now)
}

#[async_trait]
impl RateLimiter for MemoryLimiter {
    async fn take(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        now: Timestamp,
    ) -> LimiterResult<Verdict> {
        Ok(self.take_now(key, quotas, now))
    }

    async fn give_back(&self, key: &LimitKey, quotas: &Quotas, _: Timestamp) -> LimiterResult<()> {
        self.give_back_now(key, quotas);
        Ok(())
    }

    async fn sweep(&self, now: Timestamp) -> LimiterResult<u64> {
        let mut kept = self.kept();
        let before = kept.len();
        kept.retain(|_, arrivals| !is_over(arrivals, now));
        Ok((before - kept.len()) as u64)
    }
}
