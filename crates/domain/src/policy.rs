//! What may differ between surfaces, as data.
//!
//! Built from the configuration once, passed in the context of every operation. A value used by
//! one surface only that also changes control flow is an operation of its own, not a field here.

use std::time::Duration;

use crate::identifier::IdentifierKind;
use crate::password::{Blocklist, PasswordPolicy};
use crate::user::DEFAULT_RESTORATION_WINDOW;
use crate::username::{Alphabet, UsernamePolicy};

/// A way in which the service is talked to; sessions remember the one they were opened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Surface {
    Native,
    /// The command line, acting for the operator.
    Operator,
}

/// The rules of one surface (`docs/API-DESIGN.md`, "Policy values per surface").
#[derive(Clone, Debug)]
pub struct AccountPolicy {
    pub surface: Surface,
    pub sign_in_by: &'static [IdentifierKind],
    pub username: UsernamePolicy,
    pub password: PasswordPolicy,
    /// Words that are part of this deployment: no password is made of them.
    pub service_words: Vec<String>,
    /// Whether a sensitive change asks for the current password.
    pub reauthenticates: bool,
    pub email_change: EmailChange,
    pub deletion: DeletionPolicy,
    pub sessions_ended_by_password_change: SessionsEnded,
    pub access_lifetime: Duration,
    pub refresh: RefreshPolicy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChange {
    /// The new address replaces the old one once it is verified.
    AfterVerification,
    /// At once and unverified; the old address gets a way to undo it.
    AtOnce,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// The account can be restored within the window; identifiers are held until then.
    Restorable { window: Duration },
    /// Identifiers are free at once, personal data is erased at once.
    Final,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionsEnded {
    AllOthers,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshPolicy {
    /// Access tokens only.
    None,
    /// Opaque and rotating: dead when unused for `idle`, at the latest after `absolute`.
    Opaque { idle: Duration, absolute: Duration },
}

impl AccountPolicy {
    /// The native column of the contract, with its default values.
    pub fn native() -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            surface: Surface::Native,
            sign_in_by: &[IdentifierKind::Username, IdentifierKind::Email, IdentifierKind::Phone],
            username: UsernamePolicy { min: 3, max: 50, alphabet: Alphabet::Words, classes: &[] },
            password: PasswordPolicy {
                min: 8,
                max: 128,
                classes: &[],
                signs: None,
                blocklist: Blocklist::CommonAndContext,
            },
            service_words: vec!["vestibule".to_owned()],
            reauthenticates: true,
            email_change: EmailChange::AfterVerification,
            deletion: DeletionPolicy::Restorable { window: DEFAULT_RESTORATION_WINDOW },
            sessions_ended_by_password_change: SessionsEnded::AllOthers,
            access_lifetime: Duration::from_mins(10),
            refresh: RefreshPolicy::Opaque { idle: 14 * DAY, absolute: 30 * DAY },
        }
    }

    /// The operator is bound by the native rules for what is written, not by re-authentication.
    pub fn operator(native: &Self) -> Self {
        Self { surface: Surface::Operator, reauthenticates: false, ..native.clone() }
    }
}

impl Surface {
    /// The stable name, as sessions and events store it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Operator => "operator",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Native, Self::Operator].into_iter().find(|surface| surface.as_str() == text)
    }
}
