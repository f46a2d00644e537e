//! `[passwords]`: how passwords are hashed and what is asked of new ones (docs/REQUIREMENTS.md).

use std::time::Duration;

use domain::AccountPolicy;
use domain::password::PasswordProfile;
use operations::passwords::hashing::Scheme;

use super::CandidatePasswords;
use super::reader::Reader;
use super::written::quoted;

pub(super) const PROFILES: [(&str, PasswordProfile); 2] = [
    (PasswordProfile::Default.as_str(), PasswordProfile::Default),
    (PasswordProfile::Nist.as_str(), PasswordProfile::Nist),
];

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
    pub profile: PasswordProfile,
    /// In code points; never below the floor of the profile.
    pub min_length: usize,
    pub blocklist: bool,
    /// Words of this deployment of which no password is made.
    pub service_words: Vec<String>,
    pub candidate: Option<CandidatePasswords>,
}

impl Passwords {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let passwords = Self::read_all(reader);
        passwords.validate(reader);
        passwords
    }

    /// In the order of the file.
    fn read_all(reader: &mut Reader) -> Self {
        Self {
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
            profile: reader.choice("passwords.profile", &PROFILES),
            min_length: reader.integer("passwords.min_length", 8..=64),
            blocklist: reader.boolean("passwords.blocklist"),
            service_words: reader.list("passwords.service_words", "words", word),
            candidate: CandidatePasswords::read(reader),
        }
        .within_profile(reader)
    }

    /// What the profile asks for is in effect, and shown, whatever was set below it.
    fn within_profile(self, reader: &mut Reader) -> Self {
        const FROM: &str = "passwords.profile";
        const LENGTH: &str = "passwords.min_length";
        let (name, floor) = (self.profile.as_str(), self.profile.floor());
        if self.min_length < floor {
            if !reader.is_default(LENGTH) {
                let what = format!("is less than what passwords.profile = \"{name}\" asks for");
                reader.warn(LENGTH, &format!("{what}: {floor} holds"));
            }
            reader.derive(LENGTH, floor.to_string(), FROM);
        }
        if !self.blocklist && self.profile.needs_blocklist() {
            reader.refuse(
                "passwords.blocklist",
                format!("passwords.profile = \"{name}\" asks for it"),
            );
        }
        Self { min_length: self.min_length.max(floor), ..self }
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
        AccountPolicy {
            allows_email_sign_in: self.profile.allows_email_sign_in(),
            password: self.profile.policy(native.password, self.min_length, self.blocklist),
            service_words: [native.service_words.clone(), self.service_words.clone()].concat(),
            ..native
        }
    }
}

impl Passwords {
    /// The native rules as they would be with the candidate.
    pub fn candidate_policy(&self, native: &AccountPolicy) -> Option<AccountPolicy> {
        self.candidate.as_ref().map(|candidate| candidate.account_policy(native))
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

pub(super) fn word(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_alphabetic) {
        Ok(text.to_owned())
    } else {
        Err(format!("{} is not a word", quoted(text)))
    }
}
