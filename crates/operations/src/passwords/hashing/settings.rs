//! How new hashes are made and how much hashing may go on at once.

use std::io;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use thiserror::Error;

use super::recipe::{Cost, Digest, Recipe};
use crate::ports::Entropy;

/// Bytes of randomness in a salt.
const SALT: usize = 16;

/// Bytes of a new hash.
const OUTPUT: usize = 32;

/// Argon2id memory (KiB) and iterations of about equal strength; weaker is refused (PWD-09; ASVS
/// 5.0 appendix C and the OWASP password storage cheat sheet).
const ARGON2ID_FLOORS: [(u32, u32); 5] =
    [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

/// Iterations of PBKDF2-HMAC-SHA-256, likewise.
const PBKDF2_FLOOR: u32 = 600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashSettings {
    /// Hashes at once; more than cores gains nothing.
    pub threads: usize,
    pub scheme: Scheme,
    /// The longest expected wait that is still accepted.
    pub max_wait: Duration,
    /// Accepts costs below the floors. Only tests have a reason to.
    pub allow_weak: bool,
}

/// How new hashes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Written as a PHC string.
    Argon2id { memory_kib: u32, iterations: u32, parallelism: u32 },
    /// Written as Django does, for deployments that must keep to NIST-approved functions or whose
    /// database is also read by Django.
    Pbkdf2Sha256 { iterations: u32 },
}

#[derive(Debug, Error)]
pub enum StartError {
    #[error("password hashing needs at least one thread")]
    NoThreads,
    #[error("the password hashing costs are below the accepted minimum")]
    TooWeak,
    /// Hashes made so would be refused as hostile when they are verified.
    #[error("the password hashing costs are above what is verified")]
    TooCostly,
    #[error("a password hashing thread could not be started")]
    Thread(#[from] io::Error),
}

impl HashSettings {
    pub fn new(threads: usize) -> Self {
        Self {
            threads,
            scheme: Scheme::default(),
            max_wait: Duration::from_millis(500),
            allow_weak: false,
        }
    }

    pub(super) fn check(&self) -> Result<(), StartError> {
        if self.threads == 0 {
            return Err(StartError::NoThreads);
        }
        if !self.scheme.is_affordable() {
            return Err(StartError::TooCostly);
        }
        if !self.allow_weak && self.scheme.is_weak() {
            return Err(StartError::TooWeak);
        }
        Ok(())
    }
}

impl Default for Scheme {
    fn default() -> Self {
        Self::Argon2id { memory_kib: 19_456, iterations: 2, parallelism: 1 }
    }
}

impl Scheme {
    /// Whether hashes made so would also be verified (PWD-11).
    pub fn is_affordable(self) -> bool {
        self.cost().is_affordable()
    }

    pub(super) fn cost(self) -> Cost {
        match self {
            Self::Argon2id { memory_kib, iterations, parallelism } => Cost::Argon2 {
                algorithm: argon2::Algorithm::Argon2id,
                version: argon2::Version::V0x13,
                memory_kib,
                iterations,
                parallelism,
            },
            Self::Pbkdf2Sha256 { iterations } => {
                Cost::Pbkdf2 { digest: Digest::Sha256, iterations }
            }
        }
    }

    pub(super) fn recipe(self, salt: Vec<u8>) -> Recipe {
        Recipe { cost: self.cost(), salt, length: OUTPUT }
    }

    /// The work of a comparison when there is nothing to compare with.
    pub(super) fn decoy(self) -> Recipe {
        self.recipe(vec![0; self.salt_length()])
    }

    pub(super) fn new_salt(self, source: &dyn Entropy) -> Vec<u8> {
        let mut salt = [0; SALT];
        source.fill(&mut salt);
        match self {
            Self::Argon2id { .. } => salt.to_vec(),
            // Django's salts are text, and the text is what is hashed.
            Self::Pbkdf2Sha256 { .. } => BASE64URL_NOPAD.encode(&salt).into_bytes(),
        }
    }

    /// Whether `recipe` is one for new hashes.
    pub(super) fn makes(self, recipe: &Recipe) -> bool {
        recipe.cost == self.cost()
            && recipe.salt.len() == self.salt_length()
            && recipe.length == OUTPUT
    }

    fn salt_length(self) -> usize {
        match self {
            Self::Argon2id { .. } => SALT,
            Self::Pbkdf2Sha256 { .. } => BASE64URL_NOPAD.encode_len(SALT),
        }
    }

    /// Whether its hashes are cheaper to attack than PWD-09 accepts.
    pub fn is_weak(self) -> bool {
        match self {
            Self::Argon2id { memory_kib, iterations, .. } => !ARGON2ID_FLOORS
                .iter()
                .any(|(memory, passes)| memory_kib >= *memory && iterations >= *passes),
            Self::Pbkdf2Sha256 { iterations } => iterations < PBKDF2_FLOOR,
        }
    }
}
