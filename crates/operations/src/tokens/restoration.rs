//! Restoration tokens: 256 random bits, known to their bearer, stored as a digest.

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use domain::token::SecretToken;

use crate::ports::Entropy;

pub(crate) fn new_restoration(entropy: &dyn Entropy) -> SecretToken {
    SecretToken::new(BASE64URL_NOPAD.encode(&entropy.bytes::<32>()))
}

/// A plain digest is enough: nobody guesses 256 bits.
pub(crate) fn digest_restoration(token: &SecretToken) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.reveal().as_bytes()).as_ref().to_vec()
}
