//! The secret that a dialect shares with other services, and the stored keys that are made of it
//! (docs/decisions/0044).
//!
//! The settings decide: what they name no more signs and verifies nothing. The rows give each
//! secret its `kid`, and remember since when another signs.

use std::time::Duration;

use domain::{Surface, Timestamp};
use storage::signing_keys::StoredKey;

use super::stored::{OVERLAP, fingerprint, successor};

const PREFIX: &str = "tokens_of_";

#[derive(Clone)]
pub struct SharedSecret {
    /// On whose routes alone its tokens are taken.
    pub surface: Surface,
    /// The `iss` of its tokens.
    pub issuer: String,
    pub secret: Vec<u8>,
    /// What signed before: verified as long as anything that it signed can live.
    pub previous: Option<Vec<u8>>,
    /// Whether tokens that the old service made of it are taken.
    pub accepts_legacy: bool,
    /// Of any token that this surface hands out.
    pub longest_life: Duration,
}

/// What a stored key is under the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Signing,
    AcceptedUntil(Timestamp),
}

/// Whose tokens the keys of this purpose sign, if it is that of a shared secret.
pub(crate) fn secret_of(purpose: &str) -> Option<Surface> {
    Surface::parse(purpose.strip_prefix(PREFIX)?)
}

impl SharedSecret {
    /// Of its keys.
    pub(crate) fn purpose(&self) -> String {
        format!("{PREFIX}{}", self.surface.as_str())
    }

    /// The newest key of the secret and the issuer that sign.
    pub(crate) fn signing<'k>(&self, stored: &'k [StoredKey]) -> Option<&'k StoredKey> {
        self.in_use(stored).filter(|key| self.signs(key)).max_by_key(|key| key.generation)
    }

    /// Whether the newest key is the one that signs. If not, another secret was set meanwhile, and
    /// which of the two took over from the other must be known.
    pub(crate) fn is_newest(&self, stored: &[StoredKey]) -> bool {
        let newest = self.in_use(stored).max_by_key(|key| key.generation);
        newest.is_some_and(|key| self.signs(key))
    }

    /// The previous secret, if there is no key of it yet.
    pub(crate) fn unknown_previous(&self, stored: &[StoredKey]) -> Option<&[u8]> {
        let previous = self.previous.as_deref()?;
        let print = fingerprint(previous);
        let is_known = self.all(stored).any(|key| key.public_key == print);
        (!is_known).then_some(previous)
    }

    /// `None` for a key that nothing is taken under.
    pub(crate) fn standing(&self, stored: &[StoredKey], key: &StoredKey) -> Option<Standing> {
        let signing = self.signing(stored)?;
        if key.retired_at.is_some() || key.purpose != signing.purpose {
            return None;
        }
        if key.id == signing.id {
            return Some(Standing::Signing);
        }
        if self.is_named(key) {
            let over = successor(stored, key).map_or(key.active_from, |next| next.active_from);
            return Some(Standing::AcceptedUntil(over + key.longest_life + OVERLAP));
        }
        // A fleet that is given another secret restarts one by one: those that have it sign already.
        let is_ahead = key.generation > signing.generation;
        is_ahead.then_some(Standing::AcceptedUntil(key.active_from + OVERLAP))
    }

    fn signs(&self, key: &StoredKey) -> bool {
        key.issuer == self.issuer && key.public_key == fingerprint(&self.secret)
    }

    fn is_named(&self, key: &StoredKey) -> bool {
        let named = [Some(&self.secret), self.previous.as_ref()];
        named.into_iter().flatten().any(|secret| key.public_key == fingerprint(secret))
    }

    fn in_use<'k>(&self, stored: &'k [StoredKey]) -> impl Iterator<Item = &'k StoredKey> {
        self.all(stored).filter(|key| key.retired_at.is_none())
    }

    fn all<'k>(&self, stored: &'k [StoredKey]) -> impl Iterator<Item = &'k StoredKey> {
        let purpose = self.purpose();
        stored.iter().filter(move |key| key.purpose == purpose)
    }
}
