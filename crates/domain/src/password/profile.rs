//! Named sets of rules that an operator chooses from.

use super::policy::{Blocklist, PasswordPolicy};

/// What is asked of passwords before an operator asks for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProfile {
    /// ASVS level 1.
    Default,
    /// SP 800-63B-4 §3.1.1.2 for a password that is the only factor.
    Nist,
}

impl PasswordProfile {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Nist => "nist",
        }
    }

    /// The shortest password, in code points. No setting asks for less.
    pub const fn floor(self) -> usize {
        match self {
            Self::Default => 8,
            Self::Nist => 15,
        }
    }

    /// Whether well-known passwords are refused, whatever a setting says.
    pub const fn needs_blocklist(self) -> bool {
        match self {
            Self::Default => false,
            Self::Nist => true,
        }
    }

    /// Whether a mailbox may prove who signs in (OTP-16; SP 800-63B-4 §3.1.3.1).
    pub const fn allows_email_sign_in(self) -> bool {
        match self {
            Self::Default => true,
            Self::Nist => false,
        }
    }

    /// `policy` with the rules of this profile: `min` raises the floor and never lowers it, no
    /// profile asks for kinds of characters (PWD-03).
    #[must_use]
    pub fn policy(self, policy: PasswordPolicy, min: usize, blocklist: bool) -> PasswordPolicy {
        let has_blocklist = blocklist || self.needs_blocklist();
        PasswordPolicy {
            min: min.max(self.floor()),
            classes: &[],
            signs: None,
            blocklist: if has_blocklist { Blocklist::CommonAndContext } else { Blocklist::None },
            ..policy
        }
    }
}
