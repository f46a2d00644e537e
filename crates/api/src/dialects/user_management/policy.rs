//! What `user_management` asks of accounts: its column in `docs/dialects/README.md`.

use std::sync::Arc;
use std::time::Duration;

use domain::password::{Blocklist, PasswordPolicy};
use domain::policy::{
    DeletionPolicy, EmailChange, ExtraClaims, Reauthentication, RefreshPolicy, SessionsEnded,
    TakenContact, UnknownUser,
};
use domain::username::{Alphabet, UsernamePolicy};
use domain::{AccountPolicy, CharacterClass, IdentifierKind, Surface};

use crate::dialects::{DialectMails, DialectProfile, DialectSettings, Lifetimes};

const SIGNS: &str = "!#$%&()*+,-./:<=>?@[]^_{|}~";
const OWN: Reauthentication = Reauthentication::OwnSession(&[Surface::UserManagement]);

pub(super) fn defaults() -> DialectSettings {
    DialectSettings {
        prefix: String::new(),
        profile: DialectProfile::Compat,
        lifetimes: Lifetimes::without_refresh(Duration::from_hours(1)),
        codes: None,
        mails: DialectMails::default(),
    }
}

pub(super) fn policy(settings: &DialectSettings, native: &AccountPolicy) -> AccountPolicy {
    let compat = AccountPolicy {
        surface: Surface::UserManagement,
        language: Some("ru"),
        is_registration_strict: false,
        sign_in_by: &[IdentifierKind::Username],
        allows_email_sign_in: native.allows_email_sign_in,
        unknown_user: UnknownUser::Revealed,
        taken_contact: TakenContact::Revealed,
        username: UsernamePolicy { min: 3, max: 16, alphabet: Alphabet::AsciiWords, classes: &[] },
        password: PasswordPolicy {
            min: 6,
            max: 20,
            classes: &[CharacterClass::Lower, CharacterClass::Upper],
            signs: Some(SIGNS),
            blocklist: Blocklist::None,
        },
        recovered_password: None,
        service_words: Vec::new(),
        reauthentication: OWN,
        deletion_reauthentication: OWN,
        email_change: EmailChange::AtOnce,
        verifies_new_addresses: false,
        welcomes: false,
        tells_of_new_username: false,
        sign_in_needs_verification: native.sign_in_needs_verification,
        sessions_need_verification: false,
        codes: native.codes,
        pages: Arc::default(),
        unknown_number: UnknownUser::Hidden,
        deletion: DeletionPolicy::Final,
        sessions_ended_by_password_change: SessionsEnded::AllOthers,
        sessions_ended_by_email_change: SessionsEnded::AllOthers,
        access_lifetime: settings.lifetimes.access,
        refresh: RefreshPolicy::None,
        claims: ExtraClaims {
            username: true,
            first: &["username", "exp"],
            ..ExtraClaims::default()
        },
        takes_secrets_of: &[Surface::UserManagement],
    };
    settings.choose(compat, native)
}
