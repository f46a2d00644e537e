//! Verifies with any key it holds, signs with the one whose time it is.
//!
//! What it holds is exchanged as a whole: whoever signs or verifies never waits for the database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aws_lc_rs::hmac;
use domain::{KeyId, Surface, Timestamp};
use storage::Store;
use storage::signing_keys::{self, StoredKey};
use tokio::sync::Mutex;

use super::held::Held;
use super::make::{Purpose, insert_unless_rivalled, missing_shared, new_key};
use super::shared::{SharedSecret, secret_of};
use super::stored::{can_sign, is_signing, newest};
use super::{REFRESH, ROUNDS, TokenSettings};
use crate::error::{Fault, Result};
use crate::measures;
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
        let stored = read(source, wants, SharedSecret::is_newest).await?;
        let held = Held::open(stored, source.settings, source.vault)?;
        tell_read(source.now);
        Ok(Self {
            held: RwLock::new(Arc::new(held)),
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
        if self.knows(id) {
            return Ok(());
        }
        let before = self.looks.load(Ordering::Acquire);
        let mut look = self.reading.lock().await;
        if self.knows(id) {
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
        let has_shared =
            |shared: &SharedSecret, stored: &[StoredKey]| shared.signing(stored).is_some();
        let stored = read(source, wants, has_shared).await?;
        if !self.held().is_of(&stored) {
            let held = Arc::new(Held::open(stored, source.settings, source.vault)?);
            *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
            tracing::info!("the keys have changed");
        }
        tell_read(source.now);
        Ok(())
    }

    fn held(&self) -> Arc<Held> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is such a key, whatever it is good for.
    pub(crate) fn knows(&self, id: KeyId) -> bool {
        self.held().knows(id)
    }

    /// The key of the surface's own secret, if it has one; else the deployment's.
    pub(crate) fn signing_key(&self, surface: Surface, at: Timestamp) -> Result<Arc<SigningKey>> {
        let held = self.held();
        let key = match self.settings.secret_of(surface) {
            Some(_) => held.signing_of(surface),
            None => held.signing(&self.settings, at),
        };
        Ok(Arc::clone(key.ok_or(Fault::Cryptography("finding the signing key"))?))
    }

    /// Where the secrets of these surfaces are taken.
    pub(crate) fn verifying_key(
        &self,
        id: KeyId,
        secrets_of: &[Surface],
        now: Timestamp,
    ) -> Option<Arc<SigningKey>> {
        let held = self.held();
        let key = held.get(id).filter(|key| key.is_accepted(now) && key.is_taken(secrets_of));
        key.map(Arc::clone)
    }

    /// The keys of these surfaces with which tokens of their old services are verified.
    pub(crate) fn legacy_keys(&self, surfaces: &[Surface], now: Timestamp) -> Vec<Arc<SigningKey>> {
        let accepts = |of: &Surface| self.settings.secret_of(*of).is_some_and(|s| s.accepts_legacy);
        let surfaces: Vec<Surface> = surfaces.iter().copied().filter(accepts).collect();
        if surfaces.is_empty() {
            return Vec::new();
        }
        let is_theirs = |key: &SigningKey| key.secret_of.is_some_and(|of| surfaces.contains(&of));
        let held = self.held();
        held.all().filter(|key| is_theirs(key) && key.is_accepted(now)).map(Arc::clone).collect()
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

    /// The `aud` of what the key signs.
    pub(crate) fn audience_of(&self, key: &SigningKey) -> Option<&str> {
        key.secret_of.is_none().then_some(&self.settings.audience)
    }
}

/// Whoever has not read for long may accept a key that was retired.
#[expect(clippy::cast_precision_loss, reason = "seconds of a clock are few")]
fn tell_read(now: Timestamp) {
    metrics::gauge!(measures::SIGNING_KEYS_READ).set(now.as_seconds() as f64);
}

/// The keys, with those made that are missing. `signs` says whether there is one to sign with, and
/// `signs_shared` of a dialect's secret.
async fn read(
    source: &Source<'_>,
    signs: impl Fn(&[StoredKey]) -> Result<bool>,
    signs_shared: impl Fn(&SharedSecret, &[StoredKey]) -> bool,
) -> Result<Vec<StoredKey>> {
    // Each round makes one key.
    for _ in 0..ROUNDS + 2 * source.settings.shared.len() {
        let stored = signing_keys::list(&mut source.store.read().await?).await?;
        let has_refresh =
            stored.iter().any(|key| key.purpose == REFRESH && key.retired_at.is_none());
        let key = match (signs(&stored)?, has_refresh) {
            (false, _) => new_key(source, &stored, Purpose::Access, source.now)?,
            (true, false) => new_key(source, &stored, Purpose::Refresh, source.now)?,
            (true, true) if source.signs => match missing_shared(source, &stored, &signs_shared)? {
                Some(key) => key,
                None => return remember(source, stored).await,
            },
            (true, true) => return remember(source, stored).await,
        };
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
    let mut longer = Vec::new();
    for key in &stored {
        let life = life_of(source, &stored, key);
        longer.extend(
            life.filter(|life| key.longest_life.as_secs() < life.as_secs())
                .map(|life| (key.id, life)),
        );
    }
    if longer.is_empty() {
        return Ok(stored);
    }
    let extended: Result<()> = storage::transact!(source.store, |tx| {
        for (id, life) in &longer {
            signing_keys::extend_life(tx, *id, *life).await?;
        }
    });
    extended?;
    for (id, life) in longer {
        for key in stored.iter_mut().filter(|key| key.id == id) {
            key.longest_life = Duration::from_secs(life.as_secs());
        }
    }
    Ok(stored)
}

/// The longest life of what we sign with this key, if we do.
fn life_of(source: &Source<'_>, stored: &[StoredKey], key: &StoredKey) -> Option<Duration> {
    if is_signing(key, source.settings) {
        return Some(source.longest_life);
    }
    let shared = source.settings.secret_of(secret_of(&key.purpose)?)?;
    let signs = shared.signing(stored).is_some_and(|signing| signing.id == key.id);
    signs.then_some(shared.longest_life)
}

fn unavailable() -> crate::error::Error {
    storage::Error::Unavailable { source: None }.into()
}
