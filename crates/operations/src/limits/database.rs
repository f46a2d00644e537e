//! Limits in the database, shared by all nodes without anything more.

use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use domain::limit::{Quotas, Verdict};
use storage::{PIECE, Store, UniqueKey, rate_limits};

use super::crowd::{Crowds, Turned};
use super::denials::Denials;
use crate::ports::{LimitKey, LimiterError, LimiterResult, RateLimiter};

/// So long a denial is answered from memory. Not longer, because another node may give back what
/// it took.
const DENIAL_KEPT: Duration = Duration::from_secs(1);

pub struct DatabaseLimiter {
    store: Store,
    crowds: Crowds,
    denials: Denials,
}

impl DatabaseLimiter {
    pub fn new(store: Store) -> Self {
        Self { store, crowds: Crowds::default(), denials: Denials::default() }
    }

    /// A place for each of `times`, in one transaction.
    async fn take_all(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        times: &[Timestamp],
    ) -> storage::Result<Vec<Verdict>> {
        storage::transact!(self.store, |tx| {
            let found = rate_limits::find_locked(tx, key).await?;
            let mut arrivals = found.unwrap_or_default();
            let mut verdicts = Vec::with_capacity(times.len());
            for now in times {
                let (verdict, next) = quotas.take(arrivals, *now);
                verdicts.push(verdict);
                arrivals = next;
            }
            if found.is_none() {
                rate_limits::insert(tx, key, arrivals).await?;
            } else if found != Some(arrivals) {
                rate_limits::update(tx, key, arrivals).await?;
            }
            verdicts
        })
    }

    async fn ask(
        &self,
        key: &LimitKey,
        quotas: &Quotas,
        times: &[Timestamp],
    ) -> LimiterResult<Vec<Verdict>> {
        let verdicts = match self.take_all(key, quotas, times).await {
            // Somebody was first with this key: now there is a row to lock.
            Err(storage::Error::Conflict(UniqueKey::RateLimit)) => {
                self.take_all(key, quotas, times).await
            }
            outcome => outcome,
        };
        let verdicts = verdicts.map_err(|error| unanswered(&error))?;
        if let (Some(last), Some(now)) = (verdicts.last(), times.last()) {
            self.denials.note(key, *last, *now, DENIAL_KEPT);
        }
        Ok(verdicts)
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
        if let Some(denied) = self.denials.of(key, now) {
            return Ok(denied);
        }
        let crowd = self.crowds.of(key);
        let mut place = crowd.stand(now);
        loop {
            match crowd.turn_of(&mut place).await {
                Turned::Answered(answer) => return answer,
                Turned::Asks(asking) => {
                    let outcome = self.ask(key, quotas, &asking.times()).await;
                    asking.tell(outcome);
                }
            }
        }
    }

    async fn give_back(&self, key: &LimitKey, quotas: &Quotas, _: Timestamp) -> LimiterResult<()> {
        let crowd = self.crowds.of(key);
        let turn = crowd.alone().await;
        let given: storage::Result<()> = storage::transact!(self.store, |tx| {
            if let Some(arrivals) = rate_limits::find_locked(tx, key).await? {
                rate_limits::update(tx, key, quotas.give_back(arrivals)).await?;
            }
        });
        self.denials.forget(key);
        drop(turn);
        given.map_err(|error| unanswered(&error))
    }

    async fn ping(&self) -> LimiterResult<()> {
        self.store.ping().await.map_err(|error| unanswered(&error))
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
