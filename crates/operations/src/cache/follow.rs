//! Following the log, so that what other instances change is forgotten here.
//!
//! Each time a window of the log is read that is longer than any transaction lives, because one
//! that began earlier may commit later: "everything after the last id" would skip it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use domain::{EventId, UserId};
use storage::revocations::{self, RecordedAt};
use storage::{LOG_OVERLAP, events, role_definitions};

use crate::error::Result;
use crate::services::Services;

/// How often the log is read.
const EVERY: Duration = Duration::from_millis(250);
/// Who did not read for so long, by the clock of the database, may have missed something: the rest
/// of the overlap is for what commits late.
const LONGEST_GAP: Duration = Duration::from_secs(15);
/// How often it is said that the log cannot be read.
const COMPLAIN_EVERY: Duration = Duration::from_secs(10);

/// A reader of the log, and what it has seen.
#[derive(Default)]
pub struct Follower {
    seen: HashSet<EventId>,
    /// Of what roles permit. None of them is an account's, so the log does not tell.
    generation: i64,
    read_at: Option<RecordedAt>,
}

impl Follower {
    /// Forgets the accounts that changed since the last time. Everything committed before this was
    /// called is known when it returns.
    pub async fn catch_up(&mut self, services: &Services) -> Result<()> {
        let asked_at = Instant::now();
        let mut read = services.store.read().await?;
        let now = revocations::now(&mut read).await?;
        let recorded = events::recorded_within(&mut read, LOG_OVERLAP).await?;
        let generation = role_definitions::generation(&mut read).await?;
        drop(read);
        let missed = self.has_missed(now) || self.generation != generation;
        let new = recorded.iter().filter(|(event, _)| !self.seen.contains(event));
        let changed: Vec<UserId> = new.map(|(_, user)| *user).collect();
        if missed {
            services.cache.forget_all();
        }
        if !changed.is_empty() {
            services.cache.forget(&changed);
        }
        self.seen = recorded.into_iter().map(|(event, _)| event).collect();
        (self.read_at, self.generation) = (Some(now), generation);
        services.cache.trust.renew(asked_at);
        Ok(())
    }

    /// Also when the clock of the database was set back: it then counts some time twice.
    fn has_missed(&self, now: RecordedAt) -> bool {
        let is_close = |before: RecordedAt| before <= now && now.before(LONGEST_GAP) <= before;
        !self.read_at.is_some_and(is_close)
    }
}

/// Follows the log until `stop` resolves.
pub async fn follow(services: &Services, stop: impl Future<Output = ()>) {
    let mut follower = Follower::default();
    let mut complained_at: Option<Instant> = None;
    tokio::pin!(stop);
    loop {
        if let Err(error) = follower.catch_up(services).await
            && complained_at.is_none_or(|at| at.elapsed() >= COMPLAIN_EVERY)
        {
            complained_at = Some(Instant::now());
            tracing::warn!(reason = error.chain(), "the log cannot be read: nothing is cached");
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_was_away_or_whose_clock_stepped_has_missed_something() {
        let at = |seconds: i64| RecordedAt(1_790_000_000_000_000 + seconds * 1_000_000);
        let read_at = |seconds| Follower { read_at: Some(at(seconds)), ..Follower::default() };
        assert!(Follower::default().has_missed(at(0)));
        for (now, expected) in [(0, false), (1, false), (15, false), (16, true), (-1, true)] {
            assert_eq!(read_at(0).has_missed(at(now)), expected, "{now}");
        }
    }
}
