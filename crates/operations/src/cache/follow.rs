//! Following the log, so that what other instances change is forgotten here.
//!
//! Each time a window of the log is read that is longer than any transaction lives, because one
//! that began earlier may commit later: "everything after the last id" would skip it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use domain::{EventId, UserId};
use storage::events;

use crate::error::Result;
use crate::services::Services;

/// How often the log is read.
const EVERY: Duration = Duration::from_millis(250);
/// How much of it, by the clock of the database.
const WINDOW: Duration = Duration::from_secs(30);
/// A transaction may commit so long after it wrote its event; the servers end those that idle
/// longer than ten seconds.
const LONGEST_TRANSACTION: Duration = Duration::from_secs(15);
/// Who did not read for so long may have missed something.
const LONGEST_GAP: Duration = WINDOW.saturating_sub(LONGEST_TRANSACTION);
/// How often it is said that the log cannot be read.
const COMPLAIN_EVERY: Duration = Duration::from_secs(10);

/// A reader of the log, and what it has seen.
#[derive(Default)]
pub struct Follower {
    seen: HashSet<EventId>,
    read_at: Option<Instant>,
}

impl Follower {
    /// Forgets the accounts that changed since the last time. Everything committed before this was
    /// called is known when it returns.
    pub async fn catch_up(&mut self, services: &Services) -> Result<()> {
        let asked_at = Instant::now();
        let mut read = services.store.read().await?;
        let recorded = events::recorded_within(&mut read, WINDOW).await?;
        drop(read);
        let missed = self.read_at.is_none_or(|before| asked_at - before > LONGEST_GAP);
        let new = recorded.iter().filter(|(event, _)| !self.seen.contains(event));
        let changed: Vec<UserId> = new.map(|(_, user)| *user).collect();
        if missed {
            services.cache.epochs.advance_all();
        }
        if !changed.is_empty() {
            services.cache.forget(&changed);
        }
        self.seen = recorded.into_iter().map(|(event, _)| event).collect();
        self.read_at = Some(asked_at);
        services.cache.trust.renew(asked_at);
        Ok(())
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
