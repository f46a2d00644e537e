//! What `doctor` and `fsck` ask of a database alone: they must work when the services cannot
//! start. Nothing here writes.

use std::sync::Arc;

use domain::{KeyId, RoleName, Surface, Timestamp};
use storage::consistency::{self, Findings};
use storage::{Store, roles, signing_keys};

use crate::error::{Error, Fault, Result};
use crate::ports::Entropy;
use crate::tokens::{SecretStanding, TokenSettings, due_at, is_signing, newest};
use crate::vault::{MasterKey, Vault};

/// The keys in a database, seen with a master key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyFindings {
    /// Not retired.
    pub in_use: usize,
    /// Of those, sealed under another master key.
    pub sealed_elsewhere: usize,
    /// Whether one of them signs under these settings; otherwise the next start makes one.
    pub has_signing_key: bool,
    /// When a running instance makes the next one; never, where the settings hold the key.
    pub next_due_at: Option<Timestamp>,
}

/// The secret of a dialect, and the keys in a database that are made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedKeyFindings {
    pub surface: Surface,
    pub issuer: String,
    /// None before the first start with this secret.
    pub signing: Option<KeyId>,
    /// How long any other key is still accepted; none when there is none.
    pub previous_until: Option<Timestamp>,
}

/// The invariants of docs/REQUIREMENTS.md that a state can break.
pub async fn findings(store: &Store) -> Result<Findings> {
    Ok(consistency::findings(&mut store.read().await?).await?)
}

/// Whether anybody can administrate: an active account with the role `admin`.
pub async fn has_admin(store: &Store) -> Result<bool> {
    let admin = RoleName::new(RoleName::ADMIN);
    Ok(roles::count_active(&mut store.read().await?, &admin).await? > 0)
}

/// Without a master key, nothing counts as sealed elsewhere.
pub async fn keys(
    store: &Store,
    master_key: Option<&MasterKey>,
    entropy: Arc<dyn Entropy>,
    settings: &TokenSettings,
) -> Result<KeyFindings> {
    let vault = master_key.map(|key| Vault::new(key, entropy)).transpose()?;
    let stored = signing_keys::list(&mut store.read().await?).await?;
    let next = newest(&stored).filter(|key| is_signing(key, settings));
    let next_due_at = next.and_then(|key| due_at(key, settings));
    let mut findings = KeyFindings { next_due_at, ..KeyFindings::default() };
    for key in stored.iter().filter(|key| key.retired_at.is_none()) {
        findings.in_use += 1;
        findings.has_signing_key |= is_signing(key, settings);
        match vault.as_ref().map(|vault| vault.open(&key.purpose, &key.sealed_key)) {
            Some(Err(Error::Fault(Fault::Sealed))) => findings.sealed_elsewhere += 1,
            Some(Err(error)) => return Err(error),
            Some(Ok(_)) | None => {}
        }
    }
    Ok(findings)
}

/// One for each dialect that signs under a secret of its own.
pub async fn shared_keys(
    store: &Store,
    settings: &TokenSettings,
    now: Timestamp,
) -> Result<Vec<SharedKeyFindings>> {
    let stored = signing_keys::list(&mut store.read().await?).await?;
    let found = settings.shared.iter().map(|shared| {
        let others = stored.iter().filter_map(|key| match shared.standing(&stored, key) {
            Some(SecretStanding::AcceptedUntil(until)) => Some(until),
            Some(SecretStanding::Signing) | None => None,
        });
        SharedKeyFindings {
            surface: shared.surface,
            issuer: shared.issuer.clone(),
            signing: shared.signing(&stored).map(|key| key.id),
            previous_until: others.filter(|until| now < *until).max(),
        }
    });
    Ok(found.collect())
}
