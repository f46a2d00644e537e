//! Taking a slot before a password is compared.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::attempts::{Attempts, FREE, Purpose, SLOT_LIFE, Slot};
use domain::{Refusal, Timestamp};
use storage::{UniqueKey, proof_attempts};
use tokio::time::Instant;

use super::bucket::{Bucket, Whose};
use crate::error::{Error, Fault, Result};
use crate::limits::{AddressPlace, Inside};
use crate::measures;
use crate::services::Services;

const PAUSE: Duration = Duration::from_millis(20);
const COME_BACK: Duration = Duration::from_secs(1);
/// Accounts and names whose lost slots are known; those of others expire.
const MOST_LOST: usize = 10_000;

/// A guess that may be compared. It ends as failed, as succeeded, or as never made.
pub(crate) struct Attempt {
    pub(super) purpose: Purpose,
    pub(super) slot: Option<TakenSlot>,
    pub(super) place: AddressPlace,
    /// No password is right any more, and nobody is told.
    pub(crate) is_disabled: bool,
}

/// Dropped without an end, it is given back at the next guess.
pub(super) struct TakenSlot {
    pub(super) bucket: Bucket,
    pub(super) taken_at: Timestamp,
    pub(super) is_settled: AtomicBool,
    lost: LostSlots,
    _inside: Inside,
}

/// When requests took their slots whose clients left while we compared.
#[derive(Clone, Default)]
pub(crate) struct LostSlots(Arc<Mutex<HashMap<Vec<u8>, Vec<Timestamp>>>>);

impl Services {
    /// Waits a moment for a slot while others compare; never while a delay runs.
    pub(crate) async fn begin_attempt(
        &self,
        place: AddressPlace,
        whose: Whose<'_>,
        purpose: Purpose,
    ) -> Result<Attempt> {
        let Some(bucket) = self.bucket(whose) else {
            return Ok(Attempt { purpose, slot: None, place, is_disabled: false });
        };
        match self.take_slot(bucket, purpose, place.until).await {
            Ok((slot, attempts)) => {
                let is_disabled = attempts.is_disabled();
                Ok(Attempt { purpose, slot: Some(slot), place, is_disabled })
            }
            Err(error) => {
                self.give_back_address_place(place).await;
                Err(error)
            }
        }
    }

    async fn take_slot(
        &self,
        bucket: Bucket,
        purpose: Purpose,
        until: Instant,
    ) -> Result<(TakenSlot, Attempts)> {
        let width = usize::try_from(FREE).unwrap_or(1);
        let inside = self.gates.enter(&bucket.key, width, until).await?;
        loop {
            let taken_at = self.clock.now();
            match self.try_slot(&bucket, purpose, taken_at).await? {
                Slot::Taken(attempts) => {
                    let (lost, is_settled) = (self.lost_slots.clone(), AtomicBool::new(false));
                    let slot = TakenSlot { bucket, taken_at, is_settled, lost, _inside: inside };
                    return Ok((slot, attempts));
                }
                Slot::Refused { retry_after } => {
                    metrics::counter!(measures::LIMITS_REFUSED, "limit" => "account").increment(1);
                    return Err(Refusal::TooManyRequests { retry_after }.into());
                }
                Slot::Busy if Instant::now() >= until => {
                    return Err(Refusal::Overloaded { retry_after: COME_BACK }.into());
                }
                Slot::Busy => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// In one transaction that holds the row: nobody takes a slot in between.
    async fn try_slot(&self, bucket: &Bucket, purpose: Purpose, now: Timestamp) -> Result<Slot> {
        let lost = self.lost_slots.collect(&bucket.key);
        let tried = transact!(self, |tx| {
            let found = proof_attempts::find_locked(tx, &bucket.key).await?;
            let known = found.unwrap_or_default();
            let known = lost.iter().fold(known, |known, taken_at| known.give_back(*taken_at, now));
            let slot = known.take(purpose, now);
            match slot {
                Slot::Taken(next) if found.is_none() => {
                    proof_attempts::insert(tx, &bucket.key, bucket.user_id, &next, now).await?;
                }
                Slot::Taken(next) => proof_attempts::update(tx, &bucket.key, &next, now).await?,
                Slot::Busy | Slot::Refused { .. } if found.is_some_and(|found| found != known) => {
                    proof_attempts::update(tx, &bucket.key, &known, now).await?;
                }
                Slot::Busy | Slot::Refused { .. } => {}
            }
            slot
        });
        match tried {
            // Somebody was first with this name: now there is a row to lock.
            Err(Error::Fault(Fault::Storage(storage::Error::Conflict(
                UniqueKey::ProofAttempts,
            )))) => Ok(Slot::Busy),
            tried => tried.inspect_err(|_| self.lost_slots.add(&bucket.key, &lost)),
        }
    }
}

impl LostSlots {
    fn add(&self, key: &[u8], taken_at: &[Timestamp]) {
        let Some(newest) = taken_at.iter().max() else { return };
        let mut lost = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.len() >= MOST_LOST {
            lost.retain(|_, slots| slots.iter().any(|slot| newest.since(*slot) < SLOT_LIFE));
        }
        if lost.len() < MOST_LOST || lost.contains_key(key) {
            lost.entry(key.to_vec()).or_default().extend(taken_at);
        }
    }

    fn collect(&self, key: &[u8]) -> Vec<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key).unwrap_or_default()
    }
}

impl Drop for TakenSlot {
    fn drop(&mut self) {
        if !*self.is_settled.get_mut() {
            self.lost.add(&self.bucket.key, &[self.taken_at]);
        }
    }
}
