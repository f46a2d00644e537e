//! What `mailed_codes` asks of accounts: its column in `docs/dialects/README.md`.

use std::sync::Arc;
use std::time::Duration;

use domain::confirmation::{CodeLengths, DIGITS, LONG, Purpose};
use domain::password::{Blocklist, PasswordPolicy};
use domain::policy::{
    DeletionPolicy, EmailChange, ExtraClaims, Reauthentication, RefreshPolicy, SessionsEnded,
    TakenContact, UnknownUser,
};
use domain::username::{Alphabet, UsernamePolicy};
use domain::{AccountPolicy, CharacterClass, IdentifierKind, Surface};

use crate::dialects::{DialectMails, DialectProfile, DialectSettings, Lifetimes};

const CLASSES: &[CharacterClass] =
    &[CharacterClass::Lower, CharacterClass::Upper, CharacterClass::Digit];
const CLASSES_OF_RECOVERED: &[CharacterClass] =
    &[CharacterClass::Lower, CharacterClass::Upper, CharacterClass::Digit, CharacterClass::Dash];
const OWN: Reauthentication = Reauthentication::OwnSession(&[Surface::MailedCodes]);

pub(super) fn defaults() -> DialectSettings {
    let shortest = |lengths: CodeLengths, purpose| lengths.with(purpose, *DIGITS.start());
    DialectSettings {
        prefix: String::new(),
        profile: DialectProfile::Compat,
        lifetimes: Lifetimes::without_refresh(Duration::from_hours(12)),
        codes: Some(Purpose::OF_FLOWS.into_iter().fold(CodeLengths::default(), shortest)),
        mails: DialectMails::default(),
    }
}

pub(super) fn policy(settings: &DialectSettings, native: &AccountPolicy) -> AccountPolicy {
    let password = PasswordPolicy {
        min: 7,
        max: 128,
        classes: CLASSES,
        signs: None,
        blocklist: Blocklist::None,
    };
    let compat = AccountPolicy {
        surface: Surface::MailedCodes,
        language: Some("ru"),
        is_registration_strict: false,
        sign_in_by: &[IdentifierKind::Username, IdentifierKind::Email],
        allows_email_sign_in: native.allows_email_sign_in,
        unknown_user: UnknownUser::Revealed,
        taken_contact: TakenContact::Revealed,
        username: UsernamePolicy {
            min: 7,
            max: 30,
            alphabet: Alphabet::Printable,
            classes: CLASSES,
        },
        password,
        recovered_password: Some(PasswordPolicy { classes: CLASSES_OF_RECOVERED, ..password }),
        service_words: Vec::new(),
        reauthentication: OWN,
        deletion_reauthentication: OWN,
        email_change: EmailChange::AtOnce,
        tells_of_new_username: false,
        verifies_new_addresses: false,
        welcomes: true,
        sign_in_needs_verification: native.sign_in_needs_verification,
        sessions_need_verification: false,
        codes: settings.codes.unwrap_or(native.codes),
        pages: Arc::default(),
        unknown_number: UnknownUser::Hidden,
        deletion: DeletionPolicy::Final,
        sessions_ended_by_password_change: SessionsEnded::All,
        sessions_ended_by_email_change: SessionsEnded::AllOthers,
        access_lifetime: settings.lifetimes.access,
        refresh: RefreshPolicy::None,
        claims: ExtraClaims { login: true, first: &["login", "exp"], ..ExtraClaims::default() },
        takes_secrets_of: &[Surface::MailedCodes],
    };
    match settings.profile {
        DialectProfile::Compat => compat,
        // A code that recovers an account is worth the account (security.md §4.2).
        DialectProfile::Hardened => {
            let recovery = native.codes.of(Purpose::Recovery).max(LONG);
            let codes = native.codes.with(Purpose::Recovery, recovery);
            AccountPolicy { codes, ..settings.choose(compat, native) }
        }
    }
}
