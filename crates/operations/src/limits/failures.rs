//! Failed proofs of a password, by address and altogether.

use std::sync::{Mutex, PoisonError};

use domain::failure_ratio::{FailureRatio, MostFailed};
use domain::limit::Verdict;
use domain::{Refusal, Timestamp};
use tokio::time::Instant;

use super::gate::Inside;
use super::settings::Limit;
use crate::context::Context;
use crate::error::Result;
use crate::measures;
use crate::ports::LimitKey;
use crate::services::Services;

/// So many from one address compare at a time in one process; the others stand in line. Few enough
/// that the right ones of a crowd, spread over five processes, do not use up the ten that the wrong
/// ones are granted by default.
const AT_ONCE: usize = 2;

/// A place among the failures that an address is granted, taken before the comparison.
pub(crate) struct AddressPlace {
    limit: Limit,
    key: Option<LimitKey>,
    /// The end of patience.
    pub(crate) until: Instant,
    _inside: Option<Inside>,
}

impl Services {
    /// Before a password is compared, and before the account is looked for.
    pub(crate) async fn take_address_place(&self, ctx: &Context) -> Result<AddressPlace> {
        self.take_failure_place(ctx, Limit::LoginFailures).await
    }

    /// It was no failure.
    pub(crate) async fn give_back_address_place(&self, place: AddressPlace) {
        self.give_back_failure_place(place).await;
    }

    /// Before a proof of the kind that `limit` counts is looked at.
    pub(crate) async fn take_failure_place(
        &self,
        ctx: &Context,
        limit: Limit,
    ) -> Result<AddressPlace> {
        let until = Instant::now() + self.limits.max_wait;
        let key = self.address_key(limit, ctx);
        let Some((key, quotas)) = key.zip(self.quotas(limit)) else {
            return Ok(AddressPlace { limit, key: None, until, _inside: None });
        };
        let inside = Some(self.gates.enter(&key, AT_ONCE, until).await?);
        match self.limiter.take(&key, &quotas, self.clock.now()).await {
            Ok(Verdict::Granted(_)) => {
                Ok(AddressPlace { limit, key: Some(key), until, _inside: inside })
            }
            Ok(Verdict::Denied { retry_after, .. }) if self.refuses(limit) => {
                Err(Refusal::TooManyRequests { retry_after }.into())
            }
            Ok(Verdict::Denied { .. }) | Err(_) => {
                Ok(AddressPlace { limit, key: None, until, _inside: inside })
            }
        }
    }

    pub(crate) async fn give_back_failure_place(&self, place: AddressPlace) {
        let quotas = self.quotas(place.limit);
        if let (Some(key), Some(quotas)) = (place.key, quotas) {
            let given = self.limiter.give_back(&key, &quotas, self.clock.now()).await;
            if let Err(error) = given {
                tracing::debug!(%error, "a place could not be given back");
            }
        }
    }
}

/// The failures of this process's last minute.
#[derive(Default)]
pub(crate) struct FailureAlarm(Mutex<FailureRatio>);

impl FailureAlarm {
    pub(crate) fn count(&self, failed: bool, now: Timestamp) {
        let result = if failed { "wrong" } else { "right" };
        metrics::counter!(measures::PASSWORD_PROOFS, "result" => result).increment(1);
        let mut ratio = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(MostFailed { failures, proofs }) = ratio.count(failed, now) {
            metrics::counter!(measures::LOGIN_FAILURE_ALARMS).increment(1);
            tracing::warn!(failures, proofs, "most sign-ins of this minute failed: an attack?");
        }
    }
}
