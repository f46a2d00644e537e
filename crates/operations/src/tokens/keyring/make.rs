//! Making keys: the first of each purpose, and the next ones.

use domain::token::SigningAlgorithm;
use domain::{KeyId, Timestamp};
use storage::UniqueKey;
use storage::signing_keys::StoredKey;

use super::ring::Source;
use super::shared::SharedSecret;
use super::stored::fingerprint;
use super::{ACCESS, REFRESH};
use crate::error::{Error, Fault, Result};
use crate::tokens::key::generate;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Access,
    Refresh,
}

/// The next key of this purpose, not yet stored.
pub(crate) fn new_key(
    source: &Source<'_>,
    stored: &[StoredKey],
    purpose: Purpose,
    active_from: Timestamp,
) -> Result<StoredKey> {
    let Source { settings, vault, entropy, .. } = source;
    let (name, algorithm) = match purpose {
        Purpose::Access => (ACCESS, settings.algorithm),
        Purpose::Refresh => (REFRESH, SigningAlgorithm::Hs256),
    };
    let material = match (purpose, &settings.hs256_secret) {
        (Purpose::Access, Some(secret)) if algorithm.is_symmetric() => secret.clone(),
        (Purpose::Access | Purpose::Refresh, _) => generate(algorithm, *entropy)?,
    };
    let newest = stored.iter().filter(|key| key.purpose == name).map(|key| key.generation);
    Ok(StoredKey {
        id: KeyId::new(source.now, entropy.bytes()),
        purpose: name.to_owned(),
        generation: newest.max().unwrap_or(0) + 1,
        algorithm: algorithm.as_str().to_owned(),
        issuer: settings.issuer.clone(),
        public_key: fingerprint(&material),
        sealed_key: vault.seal(name, &material)?,
        created_at: source.now,
        active_from,
        longest_life: source.longest_life,
        retired_at: None,
    })
}

/// The key of a secret that the settings name and no row knows yet. One that signed before comes
/// before those that are there.
pub(super) fn missing_shared(
    source: &Source<'_>,
    stored: &[StoredKey],
    signs: impl Fn(&SharedSecret, &[StoredKey]) -> bool,
) -> Result<Option<StoredKey>> {
    for shared in &source.settings.shared {
        let purpose = shared.purpose();
        let generations =
            stored.iter().filter(|key| key.purpose == purpose).map(|key| key.generation);
        if !signs(shared, stored) {
            let generation = generations.max().unwrap_or(0) + 1;
            return Ok(Some(shared_key(source, shared, &shared.secret, generation)?));
        }
        if let Some(previous) = shared.unknown_previous(stored) {
            let generation = generations.min().unwrap_or(1) - 1;
            return Ok(Some(shared_key(source, shared, previous, generation)?));
        }
    }
    Ok(None)
}

fn shared_key(
    source: &Source<'_>,
    shared: &SharedSecret,
    secret: &[u8],
    generation: i64,
) -> Result<StoredKey> {
    let purpose = shared.purpose();
    Ok(StoredKey {
        id: KeyId::new(source.now, source.entropy.bytes()),
        generation,
        algorithm: SigningAlgorithm::Hs256.as_str().to_owned(),
        issuer: shared.issuer.clone(),
        public_key: fingerprint(secret),
        sealed_key: source.vault.seal(&purpose, secret)?,
        purpose,
        created_at: source.now,
        active_from: source.now,
        longest_life: shared.longest_life,
        retired_at: None,
    })
}

/// False when another instance made this generation first: its key serves as well.
pub(crate) fn insert_unless_rivalled(inserted: Result<()>) -> Result<bool> {
    match inserted {
        Ok(()) => Ok(true),
        Err(Error::Fault(Fault::Storage(storage::Error::Conflict(
            UniqueKey::SigningKeyGeneration,
        )))) => Ok(false),
        Err(error) => Err(error),
    }
}
