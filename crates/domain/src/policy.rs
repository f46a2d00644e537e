//! What may differ between surfaces, as data.
//!
//! Built from the configuration once, passed in the context of every operation. A value used by
//! one surface only that also changes control flow is an operation of its own, not a field here.

use std::sync::Arc;
use std::time::Duration;

use crate::confirmation::CodeLengths;
use crate::identifier::IdentifierKind;
use crate::ids::SessionId;
use crate::mail_pages::MailPages;
use crate::password::{Blocklist, PasswordPolicy};
use crate::user::DEFAULT_RESTORATION_WINDOW;
use crate::username::{Alphabet, UsernamePolicy};

/// A way in which the service is talked to; sessions remember the one they were opened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Surface {
    Native,
    /// The command line, acting for the operator.
    Operator,
    UserManagement,
    JwtAccounts,
    Djoser,
    MailedCodes,
    /// What `user_management` and `jwt_accounts` answer together. It has rules of its own, but no
    /// sessions: what it does is recorded as done on `jwt_accounts`.
    SharedUsers,
}

/// The rules of one surface (`docs/dialects/README.md`, "What differs between surfaces").
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own, not a state")]
pub struct AccountPolicy {
    /// As what sessions and events record it.
    pub surface: Surface,
    /// In which it answers people whatever they ask for, where that is not English: whoever joins here
    /// without a language of his own gets his mail in it (docs/decisions/0034).
    pub language: Option<&'static str>,
    /// Few registrations from one address, unless the operator said how many.
    pub is_registration_strict: bool,
    pub sign_in_by: &'static [IdentifierKind],
    /// Whether a code or a link that was mailed may sign in (OTP-16).
    pub allows_email_sign_in: bool,
    pub unknown_user: UnknownUser,
    pub taken_contact: TakenContact,
    pub username: UsernamePolicy,
    pub password: PasswordPolicy,
    /// Of a password that a recovery sets, where it is held to other rules.
    pub recovered_password: Option<PasswordPolicy>,
    /// Words that are part of this deployment: no password is made of them.
    pub service_words: Vec<String>,
    /// Before e-mail, phone or password change.
    pub reauthentication: Reauthentication,
    /// Before the account is deleted.
    pub deletion_reauthentication: Reauthentication,
    pub email_change: EmailChange,
    /// Whether a new address is asked at once to confirm that it is its owner's.
    pub verifies_new_addresses: bool,
    /// Whether newcomers are welcomed by mail.
    pub welcomes: bool,
    /// Whether the owner is told by mail of another username.
    pub tells_of_new_username: bool,
    /// Whether nobody signs in before an address of his is verified.
    pub sign_in_needs_verification: bool,
    /// Whether that is asked of whoever is signed in, too, wherever the session was opened.
    pub sessions_need_verification: bool,
    pub codes: CodeLengths,
    /// Where links in the mails lead that this surface causes.
    pub pages: Arc<MailPages>,
    /// What somebody hears who brings a link with the number of an account that there is not.
    pub unknown_number: UnknownUser,
    pub deletion: DeletionPolicy,
    pub sessions_ended_by_password_change: SessionsEnded,
    /// When the new address holds, not when it is asked for.
    pub sessions_ended_by_email_change: SessionsEnded,
    pub access_lifetime: Duration,
    pub refresh: RefreshPolicy,
    /// What tokens say beside what all tokens say.
    pub claims: ExtraClaims,
    /// Under whose own secrets tokens are taken here. What the deployment's keys signed is taken
    /// on every surface.
    pub takes_secrets_of: &'static [Surface],
}

/// What somebody hears who signs in under a name that nobody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownUser {
    /// The same as for a wrong password (LGN-09).
    Hidden,
    Revealed,
}

/// What somebody hears who registers an e-mail address or a phone number that an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenContact {
    Revealed,
    /// The same as for one that is free; the owner is told by mail (REG-12).
    Hidden,
}

/// What proves once more that the owner is at the keyboard (PWD-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reauthentication {
    CurrentPassword,
    /// A session opened on one of these surfaces is enough. One from elsewhere is not: a surface
    /// that asks for less is no weak door into the others.
    OwnSession(&'static [Surface]),
    /// The operator is known without.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChange {
    /// The new address replaces the old one once it is verified.
    AfterVerification,
    /// At once and unverified; the old address is mailed how to take it back.
    AtOnce,
    /// At once, whatever the surface says of owners. The old address is told and has no way back:
    /// that mailbox may be why somebody asked.
    ByAdministrator,
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
    /// A JWT: dead after `idle`, the session at the latest after `absolute`. One that does not
    /// rotate stays good for all its life.
    Jwt { idle: Duration, absolute: Duration, rotates: bool },
}

/// Claims of services that this one stands in for; their clients read them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a claim of its own")]
pub struct ExtraClaims {
    /// `user_id`: the account's number.
    pub user_number: bool,
    /// `username`: the name to show.
    pub username: bool,
    /// `login`: the same under another name.
    pub login: bool,
    /// `password_timestamp`: when the password was set, in seconds with a fraction.
    pub password_timestamp: bool,
    /// The claims of the original in its order; ours follow.
    pub first: &'static [&'static str],
}

impl AccountPolicy {
    /// The native column of that table, with its default values.
    pub fn native() -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            surface: Surface::Native,
            language: None,
            is_registration_strict: false,
            sign_in_by: &[IdentifierKind::Username, IdentifierKind::Email, IdentifierKind::Phone],
            allows_email_sign_in: true,
            unknown_user: UnknownUser::Hidden,
            taken_contact: TakenContact::Revealed,
            username: UsernamePolicy { min: 3, max: 50, alphabet: Alphabet::Words, classes: &[] },
            password: PasswordPolicy {
                min: 8,
                max: 128,
                classes: &[],
                signs: None,
                blocklist: Blocklist::CommonAndContext,
            },
            recovered_password: None,
            service_words: vec!["vestibule".to_owned()],
            reauthentication: Reauthentication::CurrentPassword,
            deletion_reauthentication: Reauthentication::CurrentPassword,
            email_change: EmailChange::AfterVerification,
            verifies_new_addresses: true,
            welcomes: true,
            tells_of_new_username: false,
            sign_in_needs_verification: false,
            sessions_need_verification: false,
            codes: CodeLengths::default(),
            pages: Arc::default(),
            unknown_number: UnknownUser::Hidden,
            deletion: DeletionPolicy::Restorable { window: DEFAULT_RESTORATION_WINDOW },
            sessions_ended_by_password_change: SessionsEnded::AllOthers,
            sessions_ended_by_email_change: SessionsEnded::AllOthers,
            access_lifetime: Duration::from_mins(10),
            refresh: RefreshPolicy::Opaque { idle: 14 * DAY, absolute: 30 * DAY },
            claims: ExtraClaims::default(),
            takes_secrets_of: &[],
        }
    }

    /// The operator is bound by the native rules for what is written, not by re-authentication.
    pub fn operator(native: &Self) -> Self {
        Self {
            surface: Surface::Operator,
            taken_contact: TakenContact::Revealed,
            reauthentication: Reauthentication::None,
            deletion_reauthentication: Reauthentication::None,
            ..native.clone()
        }
    }

    /// This surface with the native rules in everything that protects an account: what the
    /// profile `hardened` of a dialect means.
    #[must_use]
    pub fn hardened(self, native: &Self) -> Self {
        Self {
            is_registration_strict: true,
            allows_email_sign_in: native.allows_email_sign_in,
            unknown_user: native.unknown_user,
            unknown_number: native.unknown_number,
            // Even where the native API reveals it, as its contract says.
            taken_contact: TakenContact::Hidden,
            password: native.password,
            recovered_password: native.recovered_password,
            service_words: native.service_words.clone(),
            reauthentication: native.reauthentication,
            deletion_reauthentication: native.deletion_reauthentication,
            email_change: native.email_change,
            verifies_new_addresses: self.verifies_new_addresses || native.verifies_new_addresses,
            welcomes: self.welcomes || native.welcomes,
            deletion: native.deletion,
            ..self
        }
    }

    /// The longest life of any token that this surface hands out and a key of ours signs.
    pub fn longest_signed_life(&self) -> Duration {
        match self.refresh {
            RefreshPolicy::Jwt { idle, .. } => idle.max(self.access_lifetime),
            RefreshPolicy::None | RefreshPolicy::Opaque { .. } => self.access_lifetime,
        }
    }
}

impl Reauthentication {
    /// Whether the current password is asked for, whatever session comes.
    pub fn asks_for_password(self) -> bool {
        self == Self::CurrentPassword
    }
}

impl SessionsEnded {
    /// The one that stays: `own` is the session of whoever changes his own account, and there is
    /// none when somebody else does.
    #[must_use]
    pub fn kept(self, own: Option<SessionId>) -> Option<SessionId> {
        match self {
            Self::AllOthers => own,
            Self::All => None,
        }
    }
}

impl DeletionPolicy {
    /// The one that keeps longer what was deleted.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Restorable { window: one }, Self::Restorable { window: two }) => {
                Self::Restorable { window: one.max(two) }
            }
            (restorable @ Self::Restorable { .. }, Self::Final)
            | (Self::Final, restorable @ Self::Restorable { .. }) => restorable,
            (Self::Final, Self::Final) => Self::Final,
        }
    }
}

impl Surface {
    /// Those that sessions and events can name.
    pub const RECORDED: &[Self] = &[
        Self::Native,
        Self::Operator,
        Self::UserManagement,
        Self::JwtAccounts,
        Self::Djoser,
        Self::MailedCodes,
    ];

    /// The stable name, as sessions, events and settings have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Operator => "operator",
            Self::UserManagement => "user_management",
            Self::JwtAccounts => "jwt_accounts",
            Self::Djoser => "djoser",
            Self::MailedCodes => "mailed_codes",
            Self::SharedUsers => "shared_users",
        }
    }

    /// A name that was recorded.
    pub fn parse(text: &str) -> Option<Self> {
        Self::RECORDED.iter().copied().find(|surface| surface.as_str() == text)
    }
}
