//! Limits in the database, shared by all nodes without anything more.

use async_trait::async_trait;
use domain::Timestamp;
use domain::limit::{Quotas, Verdict};
use storage::{PIECE, Store, UniqueKey, rate_limits};

use crate::ports::{LimitKey, LimiterError, LimiterResult, RateLimiter};

pub struct DatabaseLimiter {
    store: Store,
}

impl DatabaseLimiter {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    async fn step(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        now: Timestamp,
    ) -> storage::Result<Verdict> {
        storage::transact!(self.store, |tx| {
            let found = rate_limits::find_locked(tx, key).await?;
            let (verdict, next) = quotas.take(found.unwrap_or_default(), now);
            if found.is_none() {
                rate_limits::insert(tx, key, next).await?;
            } else if found != Some(next) {
                rate_limits::update(tx, key, next).await?;
            }
            verdict
        })
    }
}

#[async_trait]
impl RateLimiter for DatabaseLimiter {
    async fn take(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        now: Timestamp,
    ) -> LimiterResult<Verdict> {
        match self.step(key, quotas, now).await {
            // Somebody was first with this key: now there is a row to lock.
            Err(storage::Error::Conflict(UniqueKey::RateLimit)) => {
                self.step(key, quotas, now).await
            }
            outcome => outcome,
        }
        .map_err(|error| unanswered(&error))
    }

    async fn give_back(&self, key: &LimitKey, quotas: &Quotas, _: Timestamp) -> LimiterResult<()> {
        let given: storage::Result<()> = storage::transact!(self.store, |tx| {
            if let Some(arrivals) = rate_limits::find_locked(tx, key).await? {
                rate_limits::update(tx, key, quotas.give_back(arrivals)).await?;
            }
        });
        given.map_err(|error| unanswered(&error))
    }

    async fn sweep(&self, now: Timestamp) -> LimiterResult<u64> {
        let mut swept = 0;
        loop {
            let piece: storage::Result<u64> =
                storage::transact!(self.store, |tx| { rate_limits::delete_over(tx, now).await? });
            let piece = piece.map_err(|error| unanswered(&error))?;
            swept += piece;
            if piece < PIECE.unsigned_abs() {
                return Ok(swept);
            }
        }
    }
}

fn unanswered(error: &storage::Error) -> LimiterError {
    LimiterError(error.chain())
}
