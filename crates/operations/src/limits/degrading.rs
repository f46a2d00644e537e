//! A shared store that may be away. Then each node counts for itself, with its share of the limit:
//! nobody is refused for our trouble, and nobody guesses without end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use domain::limit::{Quotas, Verdict};
use tokio::time::Instant;

use super::memory::MemoryLimiter;
use crate::measures;
use crate::ports::{LimitKey, LimiterError, LimiterResult, RateLimiter};

/// After so many failures in a row the store is left alone …
const FAILURES: u32 = 5;
/// … for so long; then one request looks whether it is back.
const LEFT_ALONE: Duration = Duration::from_secs(10);
const WARN_EVERY: Duration = Duration::from_secs(10);

pub struct Degrading {
    shared: Arc<dyn RateLimiter>,
    local: MemoryLimiter,
    patience: Duration,
    nodes: u32,
    health: Mutex<Health>,
}

#[derive(Default)]
struct Health {
    failures: u32,
    /// Until then nobody asks.
    open_until: Option<Instant>,
    warned_at: Option<Instant>,
}

impl Degrading {
    /// `patience` for one answer; `nodes` share the limit while the store is away.
    pub fn new(shared: Arc<dyn RateLimiter>, patience: Duration, nodes: u32) -> Self {
        Self {
            shared,
            local: MemoryLimiter::default(),
            patience,
            nodes,
            health: Mutex::new(Health::default()),
        }
    }

    async fn ask<T>(&self, answer: impl Future<Output = LimiterResult<T>>) -> Option<T> {
        if !self.may_ask() {
            return None;
        }
        let outcome = match tokio::time::timeout(self.patience, answer).await {
            Ok(outcome) => outcome,
            Err(_) => Err(LimiterError("no answer in time".to_owned())),
        };
        match outcome {
            Ok(answer) => {
                *self.health.lock().unwrap_or_else(PoisonError::into_inner) = Health::default();
                Some(answer)
            }
            Err(error) => {
                self.note(&error);
                None
            }
        }
    }

    /// Closed, or half open: whoever finds the time over pushes it on and looks, alone.
    fn may_ask(&self) -> bool {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        match health.open_until {
            None => true,
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                health.open_until = Some(Instant::now() + LEFT_ALONE);
                true
            }
        }
    }

    fn note(&self, error: &LimiterError) {
        metrics::counter!(measures::LIMITS_DEGRADED).increment(1);
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        health.failures += 1;
        let now = Instant::now();
        if health.failures >= FAILURES {
            health.open_until = Some(now + LEFT_ALONE);
        }
        if health.warned_at.is_none_or(|at| now - at >= WARN_EVERY) {
            health.warned_at = Some(now);
            tracing::warn!(%error, "the store of limits does not answer; this node counts alone");
        }
    }
}

#[async_trait]
impl RateLimiter for Degrading {
    async fn take(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        now: Timestamp,
    ) -> LimiterResult<Verdict> {
        match self.ask(self.shared.take(key, quotas, now)).await {
            Some(verdict) => Ok(verdict),
            None => Ok(self.local.take_now(key, &quotas.shared_by(self.nodes), now)),
        }
    }

    async fn give_back(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        now: Timestamp,
    ) -> LimiterResult<()> {
        if self.ask(self.shared.give_back(key, quotas, now)).await.is_none() {
            self.local.give_back_now(key, &quotas.shared_by(self.nodes));
        }
        Ok(())
    }

    /// While it is away: at any other time whoever takes a place finds out.
    async fn ping(&self) -> LimiterResult<()> {
        if self.is_degraded() {
            self.ask(self.shared.ping()).await;
        }
        Ok(())
    }

    fn is_degraded(&self) -> bool {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).failures >= FAILURES
    }

    async fn sweep(&self, now: Timestamp) -> LimiterResult<u64> {
        // Nobody waits for it: it takes as long as it takes.
        let local = self.local.sweep(now).await?;
        Ok(local + self.shared.sweep(now).await?)
    }
}
