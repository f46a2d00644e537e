//! `[passwords]`: how passwords are hashed and what is asked of new ones (docs/REQUIREMENTS.md).

use std::time::Duration;

use domain::AccountPolicy;
use domain::password::{Blocklist, PasswordPolicy};
use operations::passwords::hashing::Scheme;

use super::reader::Reader;
use super::written::quoted;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordScheme {
    Argon2id,
    Pbkdf2Sha256,
}

#[derive(Clone, Debug)]
pub struct Passwords {
    pub scheme: PasswordScheme,
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
    pub pbkdf2_iterations: u32,
    /// Dedicated to hashing; the number of cores unless set.
    pub threads: usize,
    /// Whoever would wait longer for a hash is sent away at once (503).
    pub max_wait: Duration,
    /// In code points.
    pub min_length: usize,
    pub blocklist: bool,
    /// Words of this deployment of which no password is made.
    pub service_words: Vec<String>,
}

impl Passwords {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let passwords = Self {
            scheme: reader.choice(
                "passwords.scheme",
                &[
                    ("argon2id", PasswordScheme::Argon2id),
                    ("pbkdf2_sha256", PasswordScheme::Pbkdf2Sha256),
                ],
            ),
            memory_kib: reader.integer("passwords.memory_kib", 8..=1_048_576),
            iterations: reader.integer("passwords.iterations", 1..=64),
            parallelism: reader.integer("passwords.parallelism", 1..=16),
            pbkdf2_iterations: reader.integer("passwords.pbkdf2_iterations", 1..=10_000_000),
            threads: threads(reader),
            max_wait: reader.duration(
                "passwords.max_wait",
                Duration::from_millis(10)..=Duration::from_secs(30),
            ),
            min_length: reader.integer("passwords.min_length", 8..=64),
            blocklist: reader.boolean("passwords.blocklist"),
            service_words: reader.list("passwords.service_words", "words", word),
        };
        passwords.validate(reader);
        passwords
    }

    fn validate(&self, reader: &mut Reader) {
        let (key, least) = match self.scheme {
            PasswordScheme::Argon2id => {
                ("passwords.memory_kib", "19456 with 2 iterations are the least")
            }
            PasswordScheme::Pbkdf2Sha256 => ("passwords.pbkdf2_iterations", "600000 are the least"),
        };
        if !self.hash_scheme().is_affordable() {
            reader.refuse(key, "asks for a hash that costs too much, or that cannot be made");
        } else if self.hash_scheme().is_weak() {
            reader.refuse_in_production(key, format!("makes a weak hash: {least}"));
        }
        if !self.blocklist && reader.is_production() {
            reader.warn("passwords.blocklist", "well-known passwords are accepted");
        }
    }

    /// How new hashes are made.
    pub fn hash_scheme(&self) -> Scheme {
        match self.scheme {
            PasswordScheme::Argon2id => Scheme::Argon2id {
                memory_kib: self.memory_kib,
                iterations: self.iterations,
                parallelism: self.parallelism,
            },
            PasswordScheme::Pbkdf2Sha256 => {
                Scheme::Pbkdf2Sha256 { iterations: self.pbkdf2_iterations }
            }
        }
    }

    /// The native rules of accounts, with what these settings change in them.
    pub fn account_policy(&self) -> AccountPolicy {
        let native = AccountPolicy::native();
        let blocklist = if self.blocklist { Blocklist::CommonAndContext } else { Blocklist::None };
        AccountPolicy {
            password: PasswordPolicy { min: self.min_length, blocklist, ..native.password },
            service_words: [native.service_words.clone(), self.service_words.clone()].concat(),
            ..native
        }
    }
}

/// 1 when the system does not tell.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn threads(reader: &mut Reader) -> usize {
    const KEY: &str = "passwords.threads";
    match reader.integer(KEY, 0..=1024) {
        0 => {
            reader.derive(KEY, cores().to_string(), "the number of cores");
            cores()
        }
        threads => threads,
    }
}

fn word(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_alphabetic) {
        Ok(text.to_owned())
    } else {
        Err(format!("{} is not a word", quoted(text)))
    }
}
