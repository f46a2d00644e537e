//! Who waits for whom inside this process, so that a crowd stands in line here and does not knock
//! at the database together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use domain::Refusal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::error::Result;

const COME_BACK: Duration = Duration::from_secs(1);

/// One gate a key, as long as anybody is inside or waits.
#[derive(Default)]
pub(crate) struct Gates(Mutex<HashMap<Vec<u8>, Weak<Semaphore>>>);

/// Held while one is inside.
pub(crate) struct Inside {
    _permit: OwnedSemaphorePermit,
}

impl Gates {
    /// Lets at most `width` in at once; the first to come is the first to go in. Whoever stands in
    /// line at `until` is sent away with 503: busy is no refusal for good.
    pub(crate) async fn enter(&self, key: &[u8], width: usize, until: Instant) -> Result<Inside> {
        let gate = self.gate(key, width);
        match tokio::time::timeout_at(until, gate.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Inside { _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(Refusal::Overloaded { retry_after: COME_BACK }.into()),
        }
    }

    fn gate(&self, key: &[u8], width: usize) -> Arc<Semaphore> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.get(key).and_then(Weak::upgrade) {
            return gate;
        }
        // Everybody who is gone leaves an empty place; they are cleared when there are many.
        if gates.len() >= 1024 {
            gates.retain(|_, gate| gate.strong_count() > 0);
        }
        let gate = Arc::new(Semaphore::new(width));
        gates.insert(key.to_vec(), Arc::downgrade(&gate));
        gate
    }
}
