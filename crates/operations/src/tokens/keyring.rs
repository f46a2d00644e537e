//! The keys of this deployment: loaded at start, made when there are none.

use std::collections::HashMap;
use std::time::Duration;

use aws_lc_rs::{digest, hmac};
use domain::token::SigningAlgorithm;
use domain::{KeyId, Timestamp};
use storage::signing_keys::{self, StoredKey};
use storage::{Store, UniqueKey};

use super::key::{SigningKey, generate};
use crate::error::{Error, Fault, Result};
use crate::ports::Entropy;
use crate::vault::Vault;

const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";
/// A key is accepted so much longer than anything that it signed before another took over.
const OVERLAP: Duration = Duration::from_hours(1);
/// How often to look again when another instance makes the same key at the same moment.
const ROUNDS: u32 = 3;

#[derive(Clone)]
pub struct TokenSettings {
    pub algorithm: SigningAlgorithm,
    /// The `iss` of access tokens.
    pub issuer: String,
    /// The `aud` of access tokens.
    pub audience: String,
    /// For HS256 only: the secret other services verify with. At least 256 bits.
    pub hs256_secret: Option<Vec<u8>>,
}

/// Verifies with any key it holds, signs with the newest of the configured algorithm and issuer.
pub struct KeyRing {
    signing: KeyId,
    access: HashMap<KeyId, SigningKey>,
    refresh: hmac::Key,
    audience: String,
}

impl KeyRing {
    pub(crate) async fn load_or_create(
        store: &Store,
        vault: &Vault,
        entropy: &dyn Entropy,
        settings: TokenSettings,
        longest_life: Duration,
        now: Timestamp,
    ) -> Result<Self> {
        for _ in 0..ROUNDS {
            let stored = signing_keys::list(&mut store.read().await?).await?;
            let missing = Missing::in_stored(&stored, vault, &settings)?;
            let Some(missing) = missing else { break };
            let key = missing.make(&stored, vault, entropy, &settings, longest_life, now)?;
            let inserted: Result<()> = storage::transact!(store, |tx| {
                signing_keys::insert(tx, &key).await?;
            });
            match inserted {
                // Another instance was first: its key serves as well.
                Ok(())
                | Err(Error::Fault(Fault::Storage(storage::Error::Conflict(
                    UniqueKey::SigningKeyGeneration,
                )))) => {}
                Err(error) => return Err(error),
            }
        }
        let stored = signing_keys::list(&mut store.read().await?).await?;
        let ring = Self::open(&stored, vault, settings)?;
        Box::pin(ring.remember(store, longest_life)).await?;
        Ok(ring)
    }

    /// Before anything is signed: a later start may have shorter lives configured, or fewer
    /// surfaces, and still accepts what was signed under these.
    async fn remember(&self, store: &Store, longest_life: Duration) -> Result<()> {
        storage::transact!(store, |tx| {
            signing_keys::extend_life(tx, self.signing, longest_life).await?;
        })
    }

    fn open(stored: &[StoredKey], vault: &Vault, settings: TokenSettings) -> Result<Self> {
        let mut access = HashMap::new();
        let mut refresh = None;
        for key in stored.iter().filter(|key| key.retired_at.is_none()) {
            let material = vault.open(&key.purpose, &key.sealed_key)?;
            if key.purpose == REFRESH {
                refresh = Some(hmac::Key::new(hmac::HMAC_SHA256, &material));
            } else if let Some(algorithm) = SigningAlgorithm::parse(&key.algorithm) {
                let overlap = key.longest_life + OVERLAP;
                let accepted_until = successor(stored, key).map(|next| next.created_at + overlap);
                let key = SigningKey::new(key.id, algorithm, &key.issuer, &material)?;
                access.insert(key.id, SigningKey { accepted_until, ..key });
            }
        }
        let signing = newest(stored).filter(|key| is_signing(key, &settings));
        let missing = || Fault::Cryptography("loading the keys of this deployment");
        Ok(Self {
            signing: signing.ok_or_else(missing)?.id,
            refresh: refresh.ok_or_else(missing)?,
            access,
            audience: settings.audience,
        })
    }

    pub(crate) fn signing_key(&self) -> Result<&SigningKey> {
        Ok(self.access.get(&self.signing).ok_or(Fault::Cryptography("finding the signing key"))?)
    }

    pub(crate) fn verifying_key(&self, id: KeyId, now: Timestamp) -> Option<&SigningKey> {
        self.access.get(&id).filter(|key| key.is_accepted(now))
    }

    pub(crate) fn verifying_keys(&self, now: Timestamp) -> impl Iterator<Item = &SigningKey> {
        self.access.values().filter(move |key| key.is_accepted(now))
    }

    pub(crate) fn refresh_key(&self) -> &hmac::Key {
        &self.refresh
    }

    pub(crate) fn audience(&self) -> &str {
        &self.audience
    }
}

/// A key that must be made before the service can start.
#[derive(Clone, Copy)]
enum Missing {
    Access,
    Refresh,
}

impl Missing {
    fn in_stored(
        stored: &[StoredKey],
        vault: &Vault,
        settings: &TokenSettings,
    ) -> Result<Option<Self>> {
        // Opening one key tells a wrong master key apart before anything new is made under it.
        if let Some(key) = stored.first() {
            vault.open(&key.purpose, &key.sealed_key)?;
        }
        if !newest(stored).is_some_and(|key| is_signing(key, settings)) {
            return Ok(Some(Self::Access));
        }
        let has_refresh = stored.iter().any(|key| key.purpose == REFRESH);
        Ok((!has_refresh).then_some(Self::Refresh))
    }

    fn make(
        self,
        stored: &[StoredKey],
        vault: &Vault,
        entropy: &dyn Entropy,
        settings: &TokenSettings,
        longest_life: Duration,
        now: Timestamp,
    ) -> Result<StoredKey> {
        let (purpose, algorithm) = match self {
            Self::Access => (ACCESS, settings.algorithm),
            Self::Refresh => (REFRESH, SigningAlgorithm::Hs256),
        };
        let material = match (self, &settings.hs256_secret) {
            (Self::Access, Some(secret)) if algorithm.is_symmetric() => secret.clone(),
            (Self::Access | Self::Refresh, _) => generate(algorithm, entropy)?,
        };
        let newest = stored.iter().filter(|key| key.purpose == purpose).map(|key| key.generation);
        Ok(StoredKey {
            id: KeyId::new(now, entropy.bytes()),
            purpose: purpose.to_owned(),
            generation: newest.max().unwrap_or(0) + 1,
            algorithm: algorithm.as_str().to_owned(),
            issuer: settings.issuer.clone(),
            public_key: fingerprint(&material),
            sealed_key: vault.seal(purpose, &material)?,
            created_at: now,
            active_from: now,
            longest_life,
            retired_at: None,
        })
    }
}

/// The key that signs, if the settings still want it.
fn newest(stored: &[StoredKey]) -> Option<&StoredKey> {
    stored.iter().filter(|key| key.purpose == ACCESS).max_by_key(|key| key.generation)
}

/// The key that took over from `key`.
fn successor<'k>(stored: &'k [StoredKey], key: &StoredKey) -> Option<&'k StoredKey> {
    let later = stored
        .iter()
        .filter(|other| other.purpose == key.purpose && other.generation > key.generation);
    later.min_by_key(|other| other.generation)
}

/// Whether `key` is one to sign with under these settings.
pub(crate) fn is_signing(key: &StoredKey, settings: &TokenSettings) -> bool {
    let fits_secret = match &settings.hs256_secret {
        Some(secret) if settings.algorithm.is_symmetric() => key.public_key == fingerprint(secret),
        Some(_) | None => true,
    };
    key.purpose == ACCESS
        && key.retired_at.is_none()
        && key.algorithm == settings.algorithm.as_str()
        && key.issuer == settings.issuer
        && fits_secret
}

/// Tells keys apart without revealing them.
fn fingerprint(material: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, material).as_ref().to_vec()
}
