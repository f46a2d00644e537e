//! `[passwords]`: how passwords are hashed and what is asked of new ones (security.md §4.1).

use std::time::Duration;

use super::reader::Reader;
use super::written::quoted;

/// OWASP's equivalent choices of Argon2id, (KiB, iterations): less of both is a weak hash.
const ARGON2_FLOOR: [(u32, u32); 5] =
    [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];
const PBKDF2_FLOOR: u32 = 600_000;

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
        if self.memory_kib < 8 * self.parallelism {
            reader.refuse("passwords.memory_kib", "must be at least 8 times passwords.parallelism");
        }
        match self.scheme {
            PasswordScheme::Argon2id if !self.is_strong_argon2() => reader.refuse_in_production(
                "passwords.memory_kib",
                "makes a weak hash with these iterations: 19456 and 2 are the least, or 47104 and \
                 1, 12288 and 3, 9216 and 4, 7168 and 5",
            ),
            PasswordScheme::Pbkdf2Sha256 if self.pbkdf2_iterations < PBKDF2_FLOOR => reader
                .refuse_in_production(
                    "passwords.pbkdf2_iterations",
                    format!("makes a weak hash: {PBKDF2_FLOOR} are the least"),
                ),
            PasswordScheme::Argon2id | PasswordScheme::Pbkdf2Sha256 => {}
        }
        if !self.blocklist && reader.is_production() {
            reader.warn("passwords.blocklist", "well-known passwords are accepted");
        }
    }

    fn is_strong_argon2(&self) -> bool {
        ARGON2_FLOOR.iter().any(|(memory, iterations)| {
            self.memory_kib >= *memory && self.iterations >= *iterations
        })
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
