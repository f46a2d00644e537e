//! What `jwt_accounts` asks of accounts: its column in `docs/dialects/README.md`.

use std::sync::Arc;
use std::time::Duration;

use domain::password::{Blocklist, MAX_BYTES, PasswordPolicy};
use domain::policy::{
    DeletionPolicy, EmailChange, ExtraClaims, Reauthentication, RefreshPolicy, SessionsEnded,
    TakenContact, UnknownUser,
};
use domain::username::{Alphabet, UsernamePolicy};
use domain::{AccountPolicy, IdentifierKind, Surface};

use crate::dialects::{DialectMails, DialectProfile, DialectSettings, Lifetimes};

const OWN: Reauthentication = Reauthentication::OwnSession(&[Surface::JwtAccounts]);
const MONTH: Duration = Duration::from_hours(30 * 24);

pub(super) fn defaults() -> DialectSettings {
    let access = Duration::from_mins(30);
    DialectSettings {
        prefix: String::new(),
        profile: DialectProfile::Compat,
        lifetimes: Lifetimes { access, refresh: MONTH, session: MONTH, rotates: true },
        codes: None,
        mails: DialectMails::default(),
    }
}

pub(super) fn policy(settings: &DialectSettings, native: &AccountPolicy) -> AccountPolicy {
    let Lifetimes { access, refresh, session, rotates } = settings.lifetimes;
    let compat = AccountPolicy {
        surface: Surface::JwtAccounts,
        language: None,
        is_registration_strict: false,
        sign_in_by: &[IdentifierKind::Username],
        allows_email_sign_in: native.allows_email_sign_in,
        unknown_user: UnknownUser::Hidden,
        taken_contact: TakenContact::Revealed,
        username: UsernamePolicy { min: 1, max: 255, alphabet: Alphabet::Phrases, classes: &[] },
        password: PasswordPolicy {
            min: 6,
            max: MAX_BYTES,
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
        tells_of_new_username: false,
        sign_in_needs_verification: native.sign_in_needs_verification,
        sessions_need_verification: false,
        codes: native.codes,
        pages: Arc::default(),
        unknown_number: UnknownUser::Hidden,
        deletion: DeletionPolicy::Final,
        sessions_ended_by_password_change: SessionsEnded::All,
        sessions_ended_by_email_change: SessionsEnded::AllOthers,
        access_lifetime: access,
        refresh: RefreshPolicy::Jwt { idle: refresh, absolute: session, rotates },
        claims: ExtraClaims {
            user_number: true,
            password_timestamp: true,
            first: &["user_id", "password_timestamp", "exp", "token_type"],
            ..ExtraClaims::default()
        },
        takes_secrets_of: &[Surface::JwtAccounts],
    };
    settings.choose(compat, native)
}
