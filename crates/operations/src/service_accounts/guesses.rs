//! Wrong credentials of services, by address: nobody guesses 256 bits, but each guess is a look into
//! the database.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::limit::Verdict;
use domain::{Refusal, ServiceAccountId};

use crate::context::Context;
use crate::error::Result;
use crate::limits::{Denials, Limit};
use crate::services::Services;

/// More proofs are not remembered; there are hardly as many services.
const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct ServiceGuesses {
    denials: Denials,
    /// The digests of secrets that were right, each with its service.
    proved: Mutex<HashMap<Vec<u8>, ServiceAccountId>>,
}

impl Services {
    /// Asked before anything is looked up. A secret that was right before is looked at in any case:
    /// a neighbour that guesses, or has an old secret, keeps no service out.
    pub(super) fn ensure_may_guess(
        &self,
        ctx: &Context,
        id: ServiceAccountId,
        digest: &[u8],
    ) -> Result<()> {
        let Some(key) = self.address_key(Limit::ServiceFailures, ctx) else { return Ok(()) };
        let denial = self.service_guesses.denials.of(&key, ctx.now);
        match denial {
            Some(Verdict::Denied { retry_after, .. })
                if self.service_guesses.proved().get(digest) != Some(&id)
                    && self.refuses(Limit::ServiceFailures) =>
            {
                Err(Refusal::TooManyRequests { retry_after }.into())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Refuses from the one on that is too much.
    pub(super) async fn count_wrong_guess(&self, ctx: &Context, digest: &[u8]) -> Result<()> {
        self.service_guesses.proved().remove(digest);
        let key = self.address_key(Limit::ServiceFailures, ctx);
        let quotas = self.quotas(Limit::ServiceFailures);
        let Some((key, quotas)) = key.zip(quotas) else { return Ok(()) };
        match self.limiter.take(&key, &quotas, ctx.now).await {
            Ok(denied @ Verdict::Denied { retry_after, .. })
                if self.refuses(Limit::ServiceFailures) =>
            {
                self.service_guesses.denials.note(&key, denied, ctx.now, retry_after);
                Err(Refusal::TooManyRequests { retry_after }.into())
            }
            // Stores that can fail are wrapped in one that cannot.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    pub(super) fn remember_proof(&self, id: ServiceAccountId, digest: &[u8]) {
        let mut proved = self.service_guesses.proved();
        if proved.get(digest) == Some(&id) {
            return;
        }
        if proved.len() >= MOST {
            proved.clear();
        }
        proved.insert(digest.to_vec(), id);
    }
}

impl ServiceGuesses {
    fn proved(&self) -> MutexGuard<'_, HashMap<Vec<u8>, ServiceAccountId>> {
        self.proved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
