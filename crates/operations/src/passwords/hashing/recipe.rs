//! What is computed from a password before it can be stored or compared.

use std::num::NonZeroU32;

use argon2::Argon2;
use aws_lc_rs::{digest, pbkdf2};
use data_encoding::HEXLOWER;
use domain::Password;
use zeroize::Zeroizing;

use super::arena::Arena;

/// Bytes that bcrypt reads of a password.
const BCRYPT_INPUT: usize = 72;

/// Bytes of a bcrypt output that its text form keeps; one is lost by an old mistake.
const BCRYPT_OUTPUT: usize = 23;

/// Everything but the password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Recipe {
    pub(super) cost: Cost,
    pub(super) salt: Vec<u8>,
    pub(super) length: usize,
}

/// A function and its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    Argon2 {
        algorithm: argon2::Algorithm,
        version: argon2::Version,
        memory_kib: u32,
        iterations: u32,
        parallelism: u32,
    },
    Scrypt {
        log_n: u32,
        block_size: u32,
        parallelism: u32,
    },
    Pbkdf2 {
        digest: Digest,
        iterations: u32,
    },
    Bcrypt {
        log_rounds: u32,
        input: BcryptInput,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// What bcrypt is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BcryptInput {
    Password,
    /// The SHA-256 of the password in hexadecimal digits, as Django's `bcrypt_sha256` does.
    Sha256Hex,
}

impl Recipe {
    /// `None` when the function refuses its parameters, which [`Recipe::is_affordable`] should
    /// have told before.
    pub(super) fn compute(&self, arena: &mut Arena, password: &Password) -> Option<Vec<u8>> {
        let password = password.reveal().as_bytes();
        let mut output = vec![0; self.length];
        match self.cost {
            Cost::Argon2 { algorithm, version, .. } => {
                let params = self.cost.argon2_params(Some(self.length))?;
                let blocks = params.block_count();
                let argon2 = Argon2::new(algorithm, version, params);
                arena
                    .with_blocks(blocks, |blocks| {
                        argon2.hash_password_into_with_memory(
                            password,
                            &self.salt,
                            &mut output,
                            blocks,
                        )
                    })
                    .ok()?;
            }
            Cost::Scrypt { log_n, block_size, parallelism } => {
                let log_n = u8::try_from(log_n).ok()?;
                let params = scrypt::Params::new(log_n, block_size, parallelism).ok()?;
                scrypt::scrypt(password, &self.salt, &params, &mut output).ok()?;
            }
            Cost::Pbkdf2 { digest, iterations } => {
                let iterations = NonZeroU32::new(iterations)?;
                pbkdf2::derive(digest.of_pbkdf2(), iterations, &self.salt, password, &mut output);
            }
            Cost::Bcrypt { log_rounds, input } => {
                let salt = self.salt.as_slice().try_into().ok()?;
                output = match input {
                    BcryptInput::Password => bcrypt_of(log_rounds, salt, password),
                    BcryptInput::Sha256Hex => {
                        let digest = digest::digest(&digest::SHA256, password);
                        let hex = Zeroizing::new(HEXLOWER.encode(digest.as_ref()));
                        bcrypt_of(log_rounds, salt, hex.as_bytes())
                    }
                };
            }
        }
        Some(output)
    }

    /// Whether this may be computed at all. Asked before anything is allocated, so that a hostile
    /// row of the database costs one sign-in at most seconds and a bounded piece of memory
    /// (PWD-11).
    pub(super) fn is_affordable(&self) -> bool {
        let salts = match self.cost {
            Cost::Argon2 { .. } => 8..=64,
            Cost::Scrypt { .. } | Cost::Pbkdf2 { .. } => 1..=128,
            Cost::Bcrypt { .. } => 16..=16,
        };
        salts.contains(&self.salt.len())
            // Shorter outputs would be equal by chance.
            && (16..=64).contains(&self.length)
            && self.cost.is_affordable()
    }

    /// Blocks of Argon2 memory that the computation takes.
    pub(super) fn blocks(&self) -> usize {
        self.cost.argon2_params(None).map_or(0, |params| params.block_count())
    }
}

impl Cost {
    pub(super) fn is_affordable(&self) -> bool {
        match *self {
            Self::Argon2 { memory_kib, iterations, parallelism, .. } => {
                memory_kib <= 256 * 1024
                    && (1..=64).contains(&iterations)
                    && (1..=16).contains(&parallelism)
                    && memory_kib >= 8 * parallelism
                    && u64::from(memory_kib) * u64::from(iterations) <= 4 * 1024 * 1024
            }
            Self::Scrypt { log_n, block_size, parallelism } => {
                (1..=24).contains(&log_n)
                    && (1..=64).contains(&block_size)
                    && (1..=16).contains(&parallelism)
                    && {
                        let memory = (128 * u64::from(block_size)) << log_n;
                        memory <= 256 * 1024 * 1024
                            && memory * u64::from(parallelism) <= 1024 * 1024 * 1024
                    }
            }
            Self::Pbkdf2 { iterations, .. } => (1..=10_000_000).contains(&iterations),
            Self::Bcrypt { log_rounds, .. } => (4..=16).contains(&log_rounds),
        }
    }

    /// The name under which it is measured.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Argon2 { algorithm, .. } => algorithm.as_str(),
            Self::Scrypt { .. } => "scrypt",
            Self::Pbkdf2 { digest: Digest::Sha1, .. } => "pbkdf2-sha1",
            Self::Pbkdf2 { digest: Digest::Sha256, .. } => "pbkdf2-sha256",
            Self::Pbkdf2 { digest: Digest::Sha512, .. } => "pbkdf2-sha512",
            Self::Bcrypt { .. } => "bcrypt",
        }
    }

    fn argon2_params(&self, length: Option<usize>) -> Option<argon2::Params> {
        let Self::Argon2 { memory_kib, iterations, parallelism, .. } = *self else {
            return None;
        };
        argon2::Params::new(memory_kib, iterations, parallelism, length).ok()
    }
}

impl Digest {
    pub(super) fn output_length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn of_pbkdf2(self) -> pbkdf2::Algorithm {
        match self {
            Self::Sha1 => pbkdf2::PBKDF2_HMAC_SHA1,
            Self::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
            Self::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        }
    }
}

/// bcrypt as the libraries that made the imported hashes did it: the password, a NUL, and nothing
/// past 72 bytes. Newer libraries refuse longer passwords, but a hash made by an older one can only
/// be verified by cutting as it did; the new hash that follows covers the whole password (PWD-04).
fn bcrypt_of(log_rounds: u32, salt: [u8; 16], password: &[u8]) -> Vec<u8> {
    let taken = password.len().min(BCRYPT_INPUT);
    let mut input = Zeroizing::new([0; BCRYPT_INPUT]);
    input[..taken].copy_from_slice(&password[..taken]);
    let with_nul = (taken + 1).min(BCRYPT_INPUT);
    bcrypt::bcrypt(log_rounds, salt, &input[..with_nul])[..BCRYPT_OUTPUT].to_vec()
}
