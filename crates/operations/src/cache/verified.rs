//! Access tokens whose signature was seen to fit: the next time costs a hash, not a signature.

use std::time::Duration;

use aws_lc_rs::digest;
use domain::KeyId;
use domain::token::{AccessClaims, SecretToken};
use moka::sync::Cache;

use super::held::Held;

/// Longer than access tokens of the native API live; those of others are verified again.
const MEMORY: Duration = Duration::from_mins(15);
/// What an entry takes.
const ENTRY: u64 = 320;

/// By the digest of the whole token: a twin with another spelling is another token (JWT-09).
type Digest = [u8; 32];

#[derive(Clone)]
pub(crate) struct RememberedToken {
    pub(crate) claims: AccessClaims,
    /// Worth nothing once this key is.
    pub(crate) key: KeyId,
}

pub(crate) struct VerifiedTokens(Cache<Digest, RememberedToken>);

impl VerifiedTokens {
    pub(super) fn new(max_bytes: u64) -> Self {
        let cache = Cache::builder().max_capacity(max_bytes / ENTRY);
        Self(cache.time_to_live(MEMORY).build())
    }

    pub(crate) fn get(&self, token: &SecretToken) -> Option<RememberedToken> {
        self.0.get(&digest_of(token))
    }

    pub(crate) fn keep(&self, token: &SecretToken, remembered: RememberedToken) {
        self.0.insert(digest_of(token), remembered);
    }

    pub(super) fn held(&self) -> Held {
        let entries = self.0.entry_count();
        Held { entries, bytes: entries.saturating_mul(ENTRY) }
    }
}

fn digest_of(token: &SecretToken) -> Digest {
    let digest = digest::digest(&digest::SHA256, token.reveal().as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}
