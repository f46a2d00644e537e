//! Verifies with any key it holds, signs with the one whose time it is.
//!
//! What it holds is exchanged as a whole: whoever signs or verifies never waits for the database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_lc_rs::hmac;
use domain::{KeyId, Timestamp};
use storage::Store;
use storage::signing_keys::{self, StoredKey};
use tokio::sync::Mutex;

use super::held::Held;
use super::make::{Purpose, insert_unless_rivalled, new_key};
use super::stored::{can_sign, is_signing, newest};
use super::{REFRESH, ROUNDS, TokenSettings};
use crate::error::{Fault, Result};
use crate::ports::Entropy;
use crate::tokens::key::SigningKey;
use crate::vault::Vault;

/// Tokens with forged key ids make us look no more often. Who comes within the pause waits for its
/// end: nobody is told that a token is bad because we did not look.
const LOOK_PAUSE: Duration = Duration::from_secs(1);
const LOOK_LIMIT: Duration = Duration::from_secs(2);

pub struct KeyRing {
    held: RwLock<Arc<Held>>,
    pub(crate) settings: TokenSettings,
    /// Of anything that we sign.
    pub(crate) longest_life: Duration,
    /// Held while reading, so that no older state replaces a newer one.
    reading: Mutex<Look>,
    /// How many looks have begun.
    looks: AtomicU64,
}

/// The last look for a key that we did not hold.
struct Look {
    at: Timestamp,
    failed: bool,
}

/// What keys are read from and made of.
pub(crate) struct Source<'a> {
    pub(crate) store: &'a Store,
    pub(crate) vault: &'a Vault,
    pub(crate) entropy: &'a dyn Entropy,
    pub(crate) settings: &'a TokenSettings,
    pub(crate) longest_life: Duration,
    pub(crate) now: Timestamp,
    /// Whether this process signs anything. One that does not has no use for a key that nobody
    /// asked for, however its settings differ from those of the others.
    pub(crate) signs: bool,
}

impl KeyRing {
    pub(crate) async fn load_or_create(source: &Source<'_>) -> Result<Self> {
        let wants = |stored: &[StoredKey]| {
            // Opening one key tells a wrong master key apart before anything new is made under it.
            if let Some(key) = stored.first() {
                source.vault.open(&key.purpose, &key.sealed_key)?;
            }
            let is_wanted = |key: &StoredKey| !source.signs || is_signing(key, source.settings);
            Ok(newest(stored).is_some_and(is_wanted))
        };
        let stored = read(source, wants).await?;
        Ok(Self {
            held: RwLock::new(Arc::new(Held::open(stored, source.vault)?)),
            settings: source.settings.clone(),
            longest_life: source.longest_life,
            reading: Mutex::new(Look { at: Timestamp::from_micros(0), failed: false }),
            looks: AtomicU64::new(0),
        })
    }

    /// Reads the keys again.
    pub(crate) async fn reload(&self, source: &Source<'_>) -> Result<()> {
        let _reading = self.reading.lock().await;
        self.replace(source).await
    }

    /// Reads the keys again when we do not hold this one, but not for everybody who asks.
    pub(crate) async fn look_for(&self, id: KeyId, source: &Source<'_>) -> Result<()> {
        if self.holds(id) {
            return Ok(());
        }
        let before = self.looks.load(Ordering::Acquire);
        let mut look = self.reading.lock().await;
        if self.holds(id) {
            return Ok(());
        }
        if self.looks.load(Ordering::Acquire) != before {
            // Begun after this token came: it would have found the key.
            return if look.failed { Err(unavailable()) } else { Ok(()) };
        }
        let pause = LOOK_PAUSE.saturating_sub(source.now.since(look.at));
        tokio::time::sleep(pause).await;
        self.looks.fetch_add(1, Ordering::AcqRel);
        look.at = source.now + pause;
        let replaced = tokio::time::timeout(LOOK_LIMIT, self.replace(source)).await;
        let replaced = replaced.unwrap_or_else(|_| Err(unavailable()));
        look.failed = replaced.is_err();
        replaced
    }

    async fn replace(&self, source: &Source<'_>) -> Result<()> {
        let wants = |stored: &[StoredKey]| {
            Ok(stored.iter().any(|key| can_sign(stored, key, source.settings, source.now)))
        };
        let stored = read(source, wants).await?;
        if !self.held().is_of(&stored) {
            let held = Arc::new(Held::open(stored, source.vault)?);
            *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
            tracing::info!("the keys have changed");
        }
        Ok(())
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn holds(&self, id: KeyId) -> bool {
        self.held().get(id).is_some()
    }

    pub(crate) fn signing_key(&self, at: Timestamp) -> Result<Arc<SigningKey>> {
        let held = self.held();
        let key = held.signing(&self.settings, at);
        Ok(Arc::clone(key.ok_or(Fault::Cryptography("finding the signing key"))?))
    }

    pub(crate) fn verifying_key(&self, id: KeyId, now: Timestamp) -> Option<Arc<SigningKey>> {
        self.held().get(id).filter(|key| key.is_accepted(now)).map(Arc::clone)
    }

    pub(crate) fn verifying_keys(&self, now: Timestamp) -> Vec<Arc<SigningKey>> {
        self.held().all().filter(|key| key.is_accepted(now)).map(Arc::clone).collect()
    }

    pub(crate) fn refresh_key(&self) -> Arc<hmac::Key> {
        Arc::clone(self.held().refresh())
    }

    pub(crate) fn audience(&self) -> &str {
        &self.settings.audience
    }
}

/// The keys, with those made that are missing. `signs` says whether there is one to sign with.
async fn read(
    source: &Source<'_>,
    signs: impl Fn(&[StoredKey]) -> Result<bool>,
) -> Result<Vec<StoredKey>> {
    for _ in 0..ROUNDS {
        let stored = signing_keys::list(&mut source.store.read().await?).await?;
        let has_refresh =
            stored.iter().any(|key| key.purpose == REFRESH && key.retired_at.is_none());
        let missing = match (signs(&stored)?, has_refresh) {
            (true, true) => return remember(source, stored).await,
            (false, _) => Purpose::Access,
            (true, false) => Purpose::Refresh,
        };
        let key = new_key(source, &stored, missing, source.now)?;
        let inserted: Result<()> = storage::transact!(source.store, |tx| {
            signing_keys::insert(tx, &key).await?;
        });
        insert_unless_rivalled(inserted)?;
    }
    let stored = signing_keys::list(&mut source.store.read().await?).await?;
    remember(source, stored).await
}

/// Before anything is signed: another start may have shorter lives configured, or fewer surfaces,
/// and still accepts what was signed under these.
async fn remember(source: &Source<'_>, mut stored: Vec<StoredKey>) -> Result<Vec<StoredKey>> {
    let life = source.longest_life;
    let is_shorter = |key: &StoredKey| {
        key.longest_life.as_secs() < life.as_secs() && is_signing(key, source.settings)
    };
    let shorter: Vec<KeyId> =
        stored.iter().filter(|key| is_shorter(key)).map(|key| key.id).collect();
    if shorter.is_empty() {
        return Ok(stored);
    }
    let extended: Result<()> = storage::transact!(source.store, |tx| {
        for id in &shorter {
            signing_keys::extend_life(tx, *id, life).await?;
        }
    });
    extended?;
    for key in stored.iter_mut().filter(|key| shorter.contains(&key.id)) {
        key.longest_life = Duration::from_secs(life.as_secs());
    }
    Ok(stored)
}

fn unavailable() -> crate::error::Error {
    storage::Error::Unavailable { source: None }.into()
}
