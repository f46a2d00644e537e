//! Setup tokens: 256 random bits, of which a digest is kept.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64URL_NOPAD;
use domain::token::SecretToken;
use storage::setup::Setup;
use subtle::ConstantTimeEq;

use crate::ports::Entropy;

const LENGTH: usize = 32;

pub(super) fn new_token(entropy: &dyn Entropy) -> SecretToken {
    SecretToken::new(BASE64URL_NOPAD.encode(&entropy.bytes::<LENGTH>()))
}

pub(super) fn digest_of(token: &SecretToken) -> Vec<u8> {
    digest(&SHA256, token.reveal().as_bytes()).as_ref().to_vec()
}

/// In constant time, and in the same time where no token would fit.
pub(super) fn fits(presented: &[u8], setup: &Setup) -> bool {
    let stored = setup.token_digest.as_deref().unwrap_or(&[0; LENGTH]);
    let is_equal = bool::from(presented.ct_eq(stored));
    is_equal && setup.token_digest.is_some() && setup.closed_at.is_none()
}
