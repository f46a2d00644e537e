//! What the rows of keys mean: which signs, and how long each is accepted.

use std::time::Duration;

use aws_lc_rs::digest;
use domain::Timestamp;
use storage::signing_keys::StoredKey;

use super::{ACCESS, TokenSettings};

/// A key is accepted so much longer than anything that it signed before another took over.
pub(super) const OVERLAP: Duration = Duration::from_hours(1);

/// The newest key to sign with, whether it signs already or not.
pub(crate) fn newest(stored: &[StoredKey]) -> Option<&StoredKey> {
    let keys = stored.iter().filter(|key| key.purpose == ACCESS && key.retired_at.is_none());
    keys.max_by_key(|key| key.generation)
}

/// The key that signs at `at`: the newest that has begun. When none has, the next one begins early.
pub(crate) fn signing_at<'k>(
    stored: &'k [StoredKey],
    settings: &TokenSettings,
    at: Timestamp,
) -> Option<&'k StoredKey> {
    let able = || stored.iter().filter(|key| can_sign(stored, key, settings, at));
    let begun = able().filter(|key| key.active_from <= at).max_by_key(|key| key.generation);
    begun.or_else(|| able().min_by_key(|key| key.generation))
}

/// Whether what `key` signs at `at` would be accepted as long as it lives.
pub(crate) fn can_sign(
    stored: &[StoredKey],
    key: &StoredKey,
    settings: &TokenSettings,
    at: Timestamp,
) -> bool {
    // A key that was replaced under other settings is accepted for a while, by everybody.
    is_signing(key, settings) && accepted_until(stored, key).is_none_or(|until| at < until)
}

/// Whether another key took over from `key`.
pub(crate) fn is_replaced(stored: &[StoredKey], key: &StoredKey, at: Timestamp) -> bool {
    successor(stored, key).is_some_and(|next| next.active_from <= at)
}

/// When nothing that `key` signed can live any more; `None` until another takes over.
pub(crate) fn accepted_until(stored: &[StoredKey], key: &StoredKey) -> Option<Timestamp> {
    let next = successor(stored, key)?;
    Some(next.active_from + key.longest_life + OVERLAP)
}

/// The key that took over from `key`, or will. One that was retired before it began never did.
pub(super) fn successor<'k>(stored: &'k [StoredKey], key: &StoredKey) -> Option<&'k StoredKey> {
    let has_begun = |other: &StoredKey| other.retired_at.is_none_or(|at| other.active_from <= at);
    let later = stored.iter().filter(|other| {
        other.purpose == key.purpose && other.generation > key.generation && has_begun(other)
    });
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

/// Whether the key to sign with is not ours to make.
pub(crate) fn is_from_settings(settings: &TokenSettings) -> bool {
    settings.algorithm.is_symmetric() && settings.hs256_secret.is_some()
}

/// Tells keys apart without revealing them.
pub(super) fn fingerprint(material: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, material).as_ref().to_vec()
}
