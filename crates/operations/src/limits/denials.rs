//! Who was refused, and until when: asked again before that, the answer is known.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use domain::limit::{Standing, Verdict};

use crate::ports::LimitKey;

/// More are not kept; who is not is asked for anew.
const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct Denials(Mutex<HashMap<LimitKey, Denial>>);

#[derive(Clone, Copy)]
struct Denial {
    at: Timestamp,
    good_for: Duration,
    retry_after: Duration,
    standing: Standing,
}

impl Denials {
    /// Remembers a denial until its `retry_after` is over, and for `longest` at most.
    pub(crate) fn note(&self, key: &LimitKey, verdict: Verdict, at: Timestamp, longest: Duration) {
        let Verdict::Denied { retry_after, standing } = verdict else { return };
        let mut kept = self.kept();
        if kept.len() >= MOST && !kept.contains_key(key) {
            kept.retain(|_, denial| denial.holds(at));
            if kept.len() >= MOST {
                return;
            }
        }
        let good_for = retry_after.min(longest);
        kept.insert(*key, Denial { at, good_for, retry_after, standing });
    }

    /// The verdict that would be given again.
    pub(crate) fn of(&self, key: &LimitKey, now: Timestamp) -> Option<Verdict> {
        let denial = self.kept().get(key).copied().filter(|denial| denial.holds(now))?;
        let passed = now.since(denial.at);
        let whole_after = denial.standing.whole_after.saturating_sub(passed);
        Some(Verdict::Denied {
            retry_after: denial.retry_after.saturating_sub(passed),
            standing: Standing { whole_after, ..denial.standing },
        })
    }

    pub(crate) fn forget(&self, key: &LimitKey) {
        self.kept().remove(key);
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<LimitKey, Denial>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Denial {
    /// Not before it was given either: a clock that was set back proves nothing.
    fn holds(&self, now: Timestamp) -> bool {
        self.at <= now && now < self.at + self.good_for
    }
}
