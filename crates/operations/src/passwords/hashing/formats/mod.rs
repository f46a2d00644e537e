//! How hashes are written: our own, and those that other software left in an imported database.
//!
//! Reading never fails loudly and never computes anything: a row of the database may hold
//! anything (PWD-11).

mod bcrypt;
mod django;
mod fields;
mod phc;
mod werkzeug;

use thiserror::Error;

use super::recipe::{Cost, Recipe};
use super::settings::Scheme;

/// Longest text that is looked at: the longest real one has less than 300 bytes.
const LONGEST: usize = 1024;

/// A stored hash: how it was made, and what came out.
pub(super) struct Stored {
    pub(super) recipe: Recipe,
    pub(super) expected: Vec<u8>,
}

/// Why nothing can be compared with a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum Unreadable {
    #[error("unknown or damaged format")]
    Format,
    #[error("costs above what is verified")]
    TooCostly,
}

impl Stored {
    fn new(cost: Cost, salt: Vec<u8>, expected: Vec<u8>) -> Self {
        Self { recipe: Recipe { cost, salt, length: expected.len() }, expected }
    }

    /// Whether `text`, from which this was read, is what `scheme` would write today.
    pub(super) fn is_current(&self, scheme: Scheme, text: &str) -> bool {
        scheme.makes(&self.recipe) && write(scheme, &self.recipe.salt, &self.expected) == text
    }
}

pub(super) fn read(text: &str) -> Result<Stored, Unreadable> {
    if text.len() > LONGEST {
        return Err(Unreadable::Format);
    }
    let stored = phc::read(text)
        .or_else(|| django::read(text))
        .or_else(|| werkzeug::read(text))
        .or_else(|| bcrypt::read(text))
        .ok_or(Unreadable::Format)?;
    if stored.recipe.is_affordable() { Ok(stored) } else { Err(Unreadable::TooCostly) }
}

pub(super) fn write(scheme: Scheme, salt: &[u8], output: &[u8]) -> String {
    match scheme {
        Scheme::Argon2id { memory_kib, iterations, parallelism } => {
            phc::write_argon2id(memory_kib, iterations, parallelism, salt, output)
        }
        Scheme::Pbkdf2Sha256 { iterations } => {
            django::write_pbkdf2_sha256(iterations, salt, output)
        }
    }
}
