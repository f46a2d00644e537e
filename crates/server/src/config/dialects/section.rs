//! What the section of every dialect has: where it answers, how faithful it is, how long its
//! tokens live, and the keys under which all of that is set.

use std::ops::RangeInclusive;
use std::time::Duration;

use api::dialects::{DialectProfile, DialectSettings};
use domain::Surface;

use super::secrets;
use crate::config::reader::Reader;
use crate::config::written::quoted;
use crate::config::{Http, Tokens};

pub(super) const DAY: Duration = Duration::from_hours(24);

/// One line in [`super::SECTIONS`].
pub(super) struct Section {
    pub(super) surface: Surface,
    pub(super) keys: Keys,
    /// Reads what only this dialect has, and makes its settings.
    pub(super) settings: fn(&mut Reader, Common, &Deployment<'_>) -> DialectSettings,
}

/// How the settings are called that every dialect has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    pub(super) prefix: &'static str,
    pub(super) profile: &'static str,
    pub(super) access_lifetime: &'static str,
    pub(super) secrets: secrets::Keys,
}

macro_rules! keys {
    ($dialect:literal) => {
        $crate::config::dialects::section::Keys {
            prefix: concat!("dialects.", $dialect, ".prefix"),
            profile: concat!("dialects.", $dialect, ".profile"),
            access_lifetime: concat!("dialects.", $dialect, ".access_lifetime"),
            secrets: $crate::config::dialects::secrets::Keys {
                secret: concat!("dialects.", $dialect, ".secret"),
                previous_secret: concat!("dialects.", $dialect, ".previous_secret"),
                allow_weak_secret: concat!("dialects.", $dialect, ".allow_weak_secret"),
                issuer: concat!("dialects.", $dialect, ".issuer"),
                accept_legacy_tokens: concat!("dialects.", $dialect, ".accept_legacy_tokens"),
            },
        }
    };
}
pub(super) use keys;

/// What was set under them.
pub(super) struct Common {
    pub(super) prefix: String,
    pub(super) profile: DialectProfile,
    pub(super) access: Duration,
}

/// Sections of the whole deployment that those of dialects look at.
pub(super) struct Deployment<'a> {
    pub(super) http: &'a Http,
    pub(super) tokens: &'a Tokens,
}

impl Section {
    pub(super) fn read(&self, reader: &mut Reader, deployment: &Deployment<'_>) -> DialectSettings {
        let profiles = [("compat", DialectProfile::Compat), ("hardened", DialectProfile::Hardened)];
        let form = "path, such as /legacy";
        let common = Common {
            prefix: reader
                .optional_parsed(self.keys.prefix, form, parse_prefix)
                .unwrap_or_default(),
            profile: reader.choice(self.keys.profile, &profiles),
            access: reader.duration(self.keys.access_lifetime, second_to(DAY)),
        };
        (self.settings)(reader, common, deployment)
    }
}

pub(super) fn second_to(longest: Duration) -> RangeInclusive<Duration> {
    Duration::from_secs(1)..=longest
}

fn parse_prefix(text: &str) -> Result<String, String> {
    let may_stand = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
    if text == "/" {
        return Ok(String::new());
    }
    let is_path = text.starts_with('/') && !text.ends_with('/') && !text.contains("//");
    let is_plain = text.split('/').all(|part| part != "." && part != "..");
    if !is_path || !is_plain || !text.chars().all(may_stand) {
        return Err(format!(
            "{} is not a path that begins with a slash and ends without one, such as /legacy",
            quoted(text)
        ));
    }
    let is_below = |ours: &str| {
        text.strip_prefix(ours).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match api::OWN_PATHS.into_iter().find(|ours| is_below(ours)) {
        Some(ours) => Err(format!("{} lies below {ours}, which is taken", quoted(text))),
        None => Ok(text.to_owned()),
    }
}
