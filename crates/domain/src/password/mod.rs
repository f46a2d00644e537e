//! Passwords as typed, and the rules that new ones keep (docs/REQUIREMENTS.md).

mod common;
mod django;
#[cfg(test)]
mod django_tests;
mod guess;
mod policy;
mod profile;
#[cfg(test)]
mod tests;

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use common::is_common;
pub use guess::Guess;
pub use policy::{Blocklist, PasswordPolicy};
pub use profile::PasswordProfile;

/// Longest password in bytes, whatever the policy (PWD-02): bounds normalisation and hashing.
pub const MAX_BYTES: usize = 512;

/// A password in NFC (PWD-05), otherwise exactly as typed. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Password(String);

impl Password {
    /// Composed text can be much shorter than decomposed text, so the limit holds for the result;
    /// what is hopelessly long is not even composed.
    pub fn new(text: &str) -> Self {
        const HOPELESS: usize = 8 * MAX_BYTES;
        if text.len() > HOPELESS { Self(text.to_owned()) } else { Self(text.nfc().collect()) }
    }

    /// For hashing and for the rules; nothing else has a reason to look.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is so long that it can be nobody's password.
    pub fn is_oversized(&self) -> bool {
        self.0.len() > MAX_BYTES
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(…)")
    }
}
