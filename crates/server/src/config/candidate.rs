//! `[passwords.candidate]`: rules that are tried and refuse nobody.

use domain::AccountPolicy;
use domain::password::PasswordProfile;

use super::passwords::{PROFILES, word};
use super::reader::Reader;
use super::written::quoted;

const LENGTH: &str = "passwords.candidate.min_length";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidatePasswords {
    pub profile: PasswordProfile,
    /// In code points.
    pub min_length: usize,
    pub blocklist: bool,
    /// Beside those that hold already.
    pub service_words: Vec<String>,
}

impl CandidatePasswords {
    /// None unless a profile is named.
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let names = PROFILES.map(|(name, _)| format!("\"{name}\"")).join(" or ");
        let profile = reader.optional_parsed("passwords.candidate.profile", &names, profile);
        let min_length = reader.integer(LENGTH, 8..=64);
        let blocklist = reader.boolean("passwords.candidate.blocklist");
        let service_words = reader.list("passwords.candidate.service_words", "words", word);
        let profile = profile?;
        if min_length < profile.floor() {
            reader.derive(LENGTH, profile.floor().to_string(), "passwords.candidate.profile");
        }
        Some(Self { profile, min_length, blocklist, service_words })
    }

    /// The native rules with those of the candidate in their place.
    pub(super) fn account_policy(&self, native: &AccountPolicy) -> AccountPolicy {
        AccountPolicy {
            password: self.profile.policy(native.password, self.min_length, self.blocklist),
            service_words: [native.service_words.clone(), self.service_words.clone()].concat(),
            ..native.clone()
        }
    }
}

fn profile(text: &str) -> Result<PasswordProfile, String> {
    let known = PROFILES.into_iter().find(|(name, _)| *name == text);
    known.map(|(_, profile)| profile).ok_or_else(|| {
        let names = PROFILES.map(|(name, _)| name).join(" and ");
        format!("{} is no profile: there are {names}", quoted(text))
    })
}
