//! How dialects are set up. Built from the configuration once.

use std::time::Duration;

use domain::confirmation::CodeLengths;
use domain::{AccountPolicy, MailPages, Surface};

/// The dialects that answer; none that is not named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialects(Vec<(Surface, DialectSettings)>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialectSettings {
    /// Stands before every path; empty, or `/` and a path without a slash at its end.
    pub prefix: String,
    pub profile: DialectProfile,
    pub lifetimes: Lifetimes,
    /// How long its codes are, where it does not leave that to the native settings.
    pub codes: Option<CodeLengths>,
    pub mails: DialectMails,
}

/// How faithful a dialect is to the service it stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialectProfile {
    /// As the original, its rules of passwords and its answers included.
    Compat,
    /// The original's paths and shapes with the native rules behind them.
    Hardened,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    pub access: Duration,
    /// Of one refresh token; unused without refresh.
    pub refresh: Duration,
    /// Of a session, however often it is refreshed.
    pub session: Duration,
    /// Whether a refresh token is spent by its use.
    pub rotates: bool,
}

/// What a dialect mails beside what every surface does, and where the links in it lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialectMails {
    /// Whether a new address is asked first, and nobody signs in before it has answered.
    pub activates: bool,
    pub welcomes: bool,
    pub tells_of_new_username: bool,
    pub pages: MailPages,
}

impl Lifetimes {
    /// Of a dialect whose sessions last as long as their one token.
    pub const fn without_refresh(access: Duration) -> Self {
        Self { access, refresh: access, session: access, rotates: false }
    }

    /// The life of whatever token lives longest.
    pub fn longest_token(&self) -> Duration {
        self.access.max(self.refresh)
    }
}

impl FromIterator<(Surface, DialectSettings)> for Dialects {
    fn from_iter<I: IntoIterator<Item = (Surface, DialectSettings)>>(enabled: I) -> Self {
        Self(enabled.into_iter().collect())
    }
}

impl Dialects {
    /// Whether any of those that are spoken keeps to the native rules.
    pub fn has_hardened(&self) -> bool {
        self.0.iter().any(|(_, settings)| settings.profile == DialectProfile::Hardened)
    }

    /// Whether any of those that are spoken keeps out whoever has not verified an address.
    pub fn activates(&self) -> bool {
        self.0.iter().any(|(_, settings)| settings.mails.activates)
    }

    /// None where the dialect does not answer.
    pub fn get(&self, surface: Surface) -> Option<&DialectSettings> {
        self.0.iter().find(|(known, _)| *known == surface).map(|(_, settings)| settings)
    }
}

impl DialectSettings {
    /// `compat`, or the same surface with the native rules behind it.
    pub(super) fn choose(&self, compat: AccountPolicy, native: &AccountPolicy) -> AccountPolicy {
        match self.profile {
            DialectProfile::Compat => compat,
            DialectProfile::Hardened => compat.hardened(native),
        }
    }
}
