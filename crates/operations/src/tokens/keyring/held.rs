//! The keys as they are held open, until they are read again.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::hmac;
use domain::token::SigningAlgorithm;
use domain::{KeyId, Surface, Timestamp};
use storage::signing_keys::StoredKey;

use super::shared::{Standing, secret_of};
use super::stored::{accepted_until, signing_at};
use super::{ACCESS, REFRESH, TokenSettings};
use crate::error::{Fault, Result};
use crate::tokens::key::SigningKey;
use crate::vault::Vault;

pub(crate) struct Held {
    /// As they were read.
    stored: Vec<StoredKey>,
    access: HashMap<KeyId, Arc<SigningKey>>,
    /// Those that sign under the secrets of dialects.
    shared: HashMap<Surface, KeyId>,
    refresh: Arc<hmac::Key>,
}

impl Held {
    pub(super) fn open(
        stored: Vec<StoredKey>,
        settings: &TokenSettings,
        vault: &Vault,
    ) -> Result<Self> {
        let mut access = HashMap::new();
        let mut shared = HashMap::new();
        let mut refresh = None;
        for key in stored.iter().filter(|key| key.retired_at.is_none()) {
            let material = || vault.open(&key.purpose, &key.sealed_key);
            if key.purpose == REFRESH {
                refresh = Some(hmac::Key::new(hmac::HMAC_SHA256, &material()?));
                continue;
            }
            let (secret_of, accepted_until) = match secret_of(&key.purpose) {
                Some(surface) => match standing(settings, surface, &stored, key) {
                    Some(Standing::Signing) => {
                        shared.insert(surface, key.id);
                        (Some(surface), None)
                    }
                    Some(Standing::AcceptedUntil(until)) => (Some(surface), Some(until)),
                    None => continue,
                },
                None if key.purpose == ACCESS => (None, accepted_until(&stored, key)),
                // Of a version that comes after ours.
                None => continue,
            };
            if let Some(algorithm) = SigningAlgorithm::parse(&key.algorithm) {
                let known_since = known_since(&stored, key);
                let key = SigningKey::new(key.id, algorithm, &key.issuer, &material()?)?;
                let key = SigningKey { secret_of, known_since, accepted_until, ..key };
                access.insert(key.id, Arc::new(key));
            }
        }
        let refresh = refresh.ok_or(Fault::Cryptography("loading the keys of this deployment"))?;
        Ok(Self { stored, access, shared, refresh: Arc::new(refresh) })
    }

    pub(super) fn is_of(&self, stored: &[StoredKey]) -> bool {
        self.stored == stored
    }

    /// The key of the surface's own secret.
    pub(super) fn signing_of(&self, surface: Surface) -> Option<&Arc<SigningKey>> {
        self.access.get(self.shared.get(&surface)?)
    }

    /// Whether it was read, whatever it is good for.
    pub(super) fn knows(&self, id: KeyId) -> bool {
        self.stored.iter().any(|key| key.id == id)
    }

    pub(super) fn signing(
        &self,
        settings: &TokenSettings,
        at: Timestamp,
    ) -> Option<&Arc<SigningKey>> {
        self.access.get(&signing_at(&self.stored, settings, at)?.id)
    }

    pub(super) fn get(&self, id: KeyId) -> Option<&Arc<SigningKey>> {
        self.access.get(&id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<SigningKey>> {
        self.access.values()
    }

    pub(super) fn refresh(&self) -> &Arc<hmac::Key> {
        &self.refresh
    }
}

/// When there was the first key of the same secret, whatever became of it: its age is what tells which
/// tokens are older than our knowledge of it.
fn known_since(stored: &[StoredKey], key: &StoredKey) -> Timestamp {
    let is_same =
        |other: &&StoredKey| other.purpose == key.purpose && other.public_key == key.public_key;
    let first = stored.iter().filter(is_same).map(|other| other.created_at).min();
    first.unwrap_or(key.created_at)
}

fn standing(
    settings: &TokenSettings,
    surface: Surface,
    stored: &[StoredKey],
    key: &StoredKey,
) -> Option<Standing> {
    settings.secret_of(surface)?.standing(stored, key)
}
