//! What signs the requests to an address: shown once, kept sealed.

use data_encoding::BASE64;

use crate::error::Result;
use crate::ports::Entropy;
use crate::vault::Vault;

const PURPOSE: &str = "webhook-secret";
/// Of the standard's 24 to 64 bytes.
const BYTES: usize = 32;

/// Not printed but by who means to.
pub struct WebhookSecret([u8; BYTES]);

impl WebhookSecret {
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        Self(entropy.bytes())
    }

    /// In the form of the standard: `whsec_` and base64.
    pub fn expose(&self) -> String {
        format!("whsec_{}", BASE64.encode(&self.0))
    }

    pub(super) fn seal(&self, vault: &Vault) -> Result<Vec<u8>> {
        vault.seal(PURPOSE, &self.0)
    }
}

pub(super) fn open(vault: &Vault, sealed: &[u8]) -> Result<Vec<u8>> {
    vault.open(PURPOSE, sealed)
}
