//! The secrets of services: 256 random bits, of which a digest is kept.
//!
//! Nobody guesses such a secret, however fast a guess is: a slow hash would only slow us down.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use domain::token::SecretToken;
use subtle::ConstantTimeEq;

use crate::ports::Entropy;

pub(super) fn new_secret(entropy: &dyn Entropy) -> SecretToken {
    SecretToken::new(BASE64URL_NOPAD.encode(&entropy.bytes::<32>()))
}

pub(super) fn digest_of(secret: &SecretToken) -> Vec<u8> {
    digest(&SHA256, secret.reveal().as_bytes()).as_ref().to_vec()
}

/// In constant time.
pub(super) fn fits(presented: &[u8], stored: &[u8]) -> bool {
    presented.ct_eq(stored).into()
}
