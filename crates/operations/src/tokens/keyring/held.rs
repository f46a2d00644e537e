//! The keys as they are held open, until they are read again.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::hmac;
use domain::token::SigningAlgorithm;
use domain::{KeyId, Timestamp};
use storage::signing_keys::StoredKey;

use super::stored::{accepted_until, signing_at};
use super::{REFRESH, TokenSettings};
use crate::error::{Fault, Result};
use crate::tokens::key::SigningKey;
use crate::vault::Vault;

pub(crate) struct Held {
    /// As they were read.
    stored: Vec<StoredKey>,
    access: HashMap<KeyId, Arc<SigningKey>>,
    refresh: Arc<hmac::Key>,
}

impl Held {
    pub(super) fn open(stored: Vec<StoredKey>, vault: &Vault) -> Result<Self> {
        let mut access = HashMap::new();
        let mut refresh = None;
        for key in stored.iter().filter(|key| key.retired_at.is_none()) {
            let material = vault.open(&key.purpose, &key.sealed_key)?;
            if key.purpose == REFRESH {
                refresh = Some(hmac::Key::new(hmac::HMAC_SHA256, &material));
            } else if let Some(algorithm) = SigningAlgorithm::parse(&key.algorithm) {
                let accepted_until = accepted_until(&stored, key);
                let key = SigningKey::new(key.id, algorithm, &key.issuer, &material)?;
                access.insert(key.id, Arc::new(SigningKey { accepted_until, ..key }));
            }
        }
        let refresh = refresh.ok_or(Fault::Cryptography("loading the keys of this deployment"))?;
        Ok(Self { stored, access, refresh: Arc::new(refresh) })
    }

    pub(super) fn is_of(&self, stored: &[StoredKey]) -> bool {
        self.stored == stored
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
