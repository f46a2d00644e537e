//! Which keys there are and whether the next is late, for `/metrics`.

use std::collections::BTreeMap;

use storage::signing_keys::{self, StoredKey};

use super::due_at;
use super::list::{KeyState, describe};
use crate::error::Result;
use crate::measures;
use crate::services::Services;
use crate::tokens::keyring::{is_signing, newest};

/// Every instance tells the same: it is the same table.
pub(crate) async fn observe_keys(services: &Services) -> Result<()> {
    let stored = signing_keys::list(&mut services.store.read().await?).await?;
    let mut counts = BTreeMap::<(String, &'static str), u32>::new();
    for key in &stored {
        let told = describe(services, &stored, key);
        for state in KeyState::NAMES {
            let is_so = told.state.as_str() == state;
            *counts.entry((told.purpose.clone(), state)).or_default() += u32::from(is_so);
        }
    }
    for ((purpose, state), count) in counts {
        metrics::gauge!(measures::SIGNING_KEYS, "purpose" => purpose, "state" => state).set(count);
    }
    metrics::gauge!(measures::SIGNING_KEY_OVERDUE_SECONDS).set(overdue(services, &stored));
    Ok(())
}

/// For how long the next key should have been made, in seconds.
fn overdue(services: &Services, stored: &[StoredKey]) -> f64 {
    let settings = &services.keys.settings;
    let newest = newest(stored).filter(|key| is_signing(key, settings));
    let due_at = newest.and_then(|key| due_at(key, settings));
    due_at.map_or(0.0, |due_at| services.clock.now().since(due_at).as_secs_f64())
}
