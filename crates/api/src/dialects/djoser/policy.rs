//! What `djoser` asks of accounts: its column in `docs/dialects/README.md`.

use std::time::Duration;

use domain::password::{Blocklist, PasswordPolicy};
use domain::policy::{
    DeletionPolicy, EmailChange, ExtraClaims, Reauthentication, RefreshPolicy, SessionsEnded,
    TakenContact, UnknownUser,
};
use domain::username::{Alphabet, UsernamePolicy};
use domain::{AccountPolicy, IdentifierKind, MailPages, Surface};

use crate::dialects::{DialectMails, DialectProfile, DialectSettings, Lifetimes};

const DAY: Duration = Duration::from_hours(24);

pub(super) fn defaults() -> DialectSettings {
    let access = Duration::from_mins(5);
    DialectSettings {
        prefix: "/api/auth".to_owned(),
        profile: DialectProfile::Compat,
        lifetimes: Lifetimes { access, refresh: DAY, session: DAY, rotates: false },
        codes: None,
        mails: DialectMails {
            pages: MailPages {
                site: None,
                verify_email: Some("#/activate/{uid}/{token}".to_owned()),
                recover: Some("#/password/reset/confirm/{uid}/{token}".to_owned()),
                reset_username: Some("#/username/reset/confirm/{uid}/{token}".to_owned()),
            },
            ..DialectMails::default()
        },
    }
}

pub(super) fn policy(settings: &DialectSettings, native: &AccountPolicy) -> AccountPolicy {
    let Lifetimes { access, refresh, session, rotates } = settings.lifetimes;
    let DialectMails { activates, welcomes, tells_of_new_username, pages } = settings.mails.clone();
    let compat = AccountPolicy {
        surface: Surface::Djoser,
        language: None,
        is_registration_strict: false,
        sign_in_by: &[IdentifierKind::Username, IdentifierKind::Email, IdentifierKind::Phone],
        allows_email_sign_in: native.allows_email_sign_in,
        unknown_user: UnknownUser::Hidden,
        taken_contact: TakenContact::Revealed,
        username: UsernamePolicy { min: 1, max: 255, alphabet: Alphabet::Phrases, classes: &[] },
        password: PasswordPolicy {
            min: 8,
            max: 128,
            classes: &[],
            signs: None,
            blocklist: Blocklist::Django,
        },
        recovered_password: None,
        service_words: Vec::new(),
        reauthentication: Reauthentication::OwnSession(&[Surface::Djoser]),
        deletion_reauthentication: Reauthentication::CurrentPassword,
        email_change: EmailChange::AtOnce,
        // To Djoser an account is active once its address was shown to be its owner's.
        verifies_new_addresses: activates,
        welcomes,
        tells_of_new_username,
        sign_in_needs_verification: activates || native.sign_in_needs_verification,
        sessions_need_verification: activates,
        codes: native.codes,
        pages: MailPages { verify_email: pages.verify_email.filter(|_| activates), ..pages }.into(),
        unknown_number: UnknownUser::Revealed,
        deletion: DeletionPolicy::Final,
        sessions_ended_by_password_change: SessionsEnded::AllOthers,
        sessions_ended_by_email_change: SessionsEnded::AllOthers,
        access_lifetime: access,
        refresh: RefreshPolicy::Jwt { idle: refresh, absolute: session, rotates },
        claims: ExtraClaims {
            user_number: true,
            first: &["token_type", "exp", "iat", "jti", "user_id"],
            ..ExtraClaims::default()
        },
        takes_secrets_of: &[Surface::Djoser],
    };
    settings.choose(compat, native)
}
