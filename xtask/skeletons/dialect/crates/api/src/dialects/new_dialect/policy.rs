//! What `new_dialect` asks of accounts: its column in `docs/dialects/README.md`.

use std::time::Duration;

use domain::password::{Blocklist, PasswordPolicy};
use domain::policy::{
    DeletionPolicy, EmailChange, ExtraClaims, Reauthentication, RefreshPolicy, SessionsEnded,
    TakenContact, UnknownUser,
};
use domain::username::{Alphabet, UsernamePolicy};
use domain::{AccountPolicy, IdentifierKind, Surface};

use crate::dialects::{DialectMails, DialectProfile, DialectSettings, Lifetimes};

const OWN: Reauthentication = Reauthentication::OwnSession(&[Surface::NewDialect]);

pub(super) fn defaults() -> DialectSettings {
    DialectSettings {
        prefix: "/new_dialect".to_owned(),
        profile: DialectProfile::Compat,
        lifetimes: Lifetimes::without_refresh(Duration::from_hours(1)),
        codes: None,
        mails: DialectMails::default(),
    }
}

/// What the original does otherwise than the native API; the rest is as there.
pub(super) fn policy(settings: &DialectSettings, native: &AccountPolicy) -> AccountPolicy {
    let compat = AccountPolicy {
        surface: Surface::NewDialect,
        is_registration_strict: false,
        sign_in_by: &[IdentifierKind::Username],
        unknown_user: UnknownUser::Hidden,
        taken_contact: TakenContact::Revealed,
        username: UsernamePolicy { min: 3, max: 50, alphabet: Alphabet::AsciiWords, classes: &[] },
        password: PasswordPolicy {
            min: 8,
            max: 128,
            classes: &[],
            signs: None,
            blocklist: Blocklist::None,
        },
        recovered_password: None,
        service_words: Vec::new(),
        reauthentication: OWN,
        deletion_reauthentication: OWN,
        email_change: EmailChange::AtOnce,
        verifies_new_addresses: false,
        welcomes: false,
        deletion: DeletionPolicy::Final,
        sessions_ended_by_password_change: SessionsEnded::AllOthers,
        sessions_ended_by_email_change: SessionsEnded::AllOthers,
        access_lifetime: settings.lifetimes.access,
        refresh: RefreshPolicy::None,
        claims: ExtraClaims::default(),
        takes_secrets_of: &[Surface::NewDialect],
        ..native.clone()
    };
    settings.choose(compat, native)
}
