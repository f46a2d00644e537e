//! Every message there is, what it is for, and examples of it: for previews, for the check of
//! templates at start, and for tests.

use domain::token::SecretToken;

use super::{LinkTo, Message};

/// As long as real ones.
const TOKEN: &str = "Zk3vYx8mR1qLw0uTn5sBd7hJc2gFa9eP4oVi6lKrXyM";
const CODE: &str = "048291";
pub(super) const NAME: &str = "ann2024";
/// Of accounts that have no name, and of such as are left out of mails.
pub(super) const NO_NAMES: [&str; 2] = ["", "evil.example"];
const AT: &str = "2026-03-14 09:26 UTC";
const ADDRESS: &str = "203.0.113.7";
/// The second is left out of mails.
const MAILBOXES: [&str; 2] = ["ann@example.org", "ann+evil.example/x@example.org"];
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";

/// One kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As its templates are called.
    pub name: &'static str,
    /// When it is sent, in one sentence.
    pub purpose: &'static str,
    /// Whether it also goes to phones.
    pub is_text: bool,
}

/// What links in examples are made with.
pub(super) type Linked<'a> = &'a dyn Fn(LinkTo, &SecretToken) -> String;

const fn mail(name: &'static str, purpose: &'static str) -> Kind {
    Kind { name, purpose, is_text: false }
}

const fn mail_or_text(name: &'static str, purpose: &'static str) -> Kind {
    Kind { name, purpose, is_text: true }
}

/// All of them, by name.
pub const KINDS: [Kind; 26] = [
    mail("account_erased", "Receipt: nothing of the account is left"),
    mail("address_change_requested", "To the present address: another one waits to replace it"),
    mail("address_changed", "To the address that was replaced: how to take it back"),
    mail("address_confirmation", "To the new address: a code and a link that confirm it"),
    mail("address_taken_back", "To the address that a take-back put out of the account"),
    mail("already_registered", "Somebody registered an address or a number of this account"),
    mail("blocked", "An administrator blocked the account"),
    mail_or_text("deletion_code", "A code that deletes the account"),
    mail("email_changed_by_administrator", "To the address that an administrator replaced"),
    mail("failed_sign_ins", "Somebody guesses at the password"),
    mail("new_device", "A sign-in from something not seen before"),
    mail("password_changed", "The password was changed"),
    mail_or_text("phone_changed", "The phone number was added, replaced or removed"),
    mail_or_text("recovery", "A code and a link to set a new password"),
    mail_or_text("registration_code", "A code that registers, before there is an account"),
    mail_or_text("restoration", "A token and a link that bring a deleted account back"),
    mail_or_text("restoration_code", "A code that brings a deleted account back"),
    mail("session_limit", "The oldest sign-in ended, because there were too many"),
    mail("session_replayed", "A sign-in ended: its refresh token was used twice"),
    mail_or_text("sign_in_code", "A code that signs in"),
    mail("suspicious_sign_in", "A sign-in after wrong passwords"),
    mail("username_changed", "The username was set, replaced or removed"),
    mail("username_reset", "A link to set a new username, and the present one"),
    mail_or_text("verification", "A code and a link that verify an address"),
    mail("welcome", "The account is ready: its address was verified, or nothing is verified there"),
    mail("wrong_sign_in_code", "The right password, and then a wrong code"),
];

/// The examples of one kind: the first with all there can be in it, others without what may be
/// absent. None where there is no such kind. `reader` is who gets them.
#[expect(clippy::too_many_lines, reason = "one arm a message")]
pub(super) fn samples(name: &str, reader: &str, link: Linked<'_>) -> Vec<Message> {
    let token = SecretToken::new(TOKEN);
    let link = |to| link(to, &token);
    let name_of = || reader.to_owned();
    let some = |text: &str| Some(text.to_owned());
    let code = || CODE.to_owned();
    match name {
        "account_erased" => vec![Message::AccountErased { name: name_of(), number: 1042 }],
        "address_change_requested" => vec![Message::AddressChangeRequested { name: name_of() }],
        "address_changed" => MAILBOXES
            .map(|replaced| Message::AddressChanged {
                name: name_of(),
                replaced: replaced.to_owned(),
                link: link(LinkTo::TakeBack),
                hours: 72,
            })
            .into(),
        "address_confirmation" => [some(CODE), None]
            .map(|code| Message::AddressConfirmation {
                name: name_of(),
                code_minutes: if code.is_some() { 10 } else { 0 },
                code,
                link: link(LinkTo::VerifyEmail),
                link_minutes: 15,
            })
            .into(),
        "address_taken_back" => vec![Message::AddressTakenBack { name: name_of() }],
        "already_registered" => {
            [name_of(), String::new()].map(|name| Message::AlreadyRegistered { name }).into()
        }
        "blocked" => {
            [some(AT), None].map(|until| Message::Blocked { name: name_of(), until }).into()
        }
        "deletion_code" => {
            vec![Message::DeletionCode { name: name_of(), code: code(), minutes: 10 }]
        }
        "email_changed_by_administrator" => {
            vec![Message::EmailChangedByAdministrator { name: name_of() }]
        }
        "failed_sign_ins" => [(10, false), (100, true)]
            .map(|(failures, disabled)| Message::FailedSignIns {
                name: name_of(),
                failures,
                disabled,
            })
            .into(),
        "new_device" => [Some(()), None]
            .map(|known| Message::NewDevice {
                name: name_of(),
                at: AT.to_owned(),
                agent: known.and(some(AGENT)),
                address: known.and(some(ADDRESS)),
            })
            .into(),
        "password_changed" => [some(ADDRESS), None]
            .map(|address| Message::PasswordChanged { name: name_of(), at: AT.to_owned(), address })
            .into(),
        "phone_changed" => vec![Message::PhoneChanged { name: name_of() }],
        "recovery" => [some(CODE), None]
            .map(|code| Message::Recovery {
                name: name_of(),
                code_minutes: if code.is_some() { 10 } else { 0 },
                code,
                link: link(LinkTo::Recover),
                link_minutes: 15,
            })
            .into(),
        "registration_code" => vec![Message::RegistrationCode { code: code(), minutes: 10 }],
        "restoration" => MAILBOXES
            .map(|identifier| Message::Restoration {
                name: name_of(),
                identifier: identifier.to_owned(),
                token: TOKEN.to_owned(),
                link: link(LinkTo::Restore),
                days: 30,
            })
            .into(),
        "restoration_code" => {
            vec![Message::RestorationCode { name: name_of(), code: code(), minutes: 10 }]
        }
        "session_limit" => vec![Message::SessionLimit { name: name_of(), most: 20 }],
        "session_replayed" => [Some(()), None]
            .map(|known| Message::SessionReplayed {
                name: name_of(),
                at: AT.to_owned(),
                agent: known.and(some(AGENT)),
                address: known.and(some(ADDRESS)),
            })
            .into(),
        "sign_in_code" => vec![Message::SignInCode { name: name_of(), code: code(), minutes: 10 }],
        "suspicious_sign_in" => [some(ADDRESS), None]
            .map(|address| Message::SuspiciousSignIn {
                name: name_of(),
                failures: 5,
                at: AT.to_owned(),
                address,
            })
            .into(),
        "username_changed" => vec![Message::UsernameChanged { name: name_of() }],
        "username_reset" => vec![Message::UsernameReset {
            name: name_of(),
            link: format!("https://app.example.org/#/username/reset/confirm/MTA0Mg/{TOKEN}"),
            link_minutes: 15,
        }],
        "verification" => [some(CODE), None]
            .map(|code| Message::Verification {
                name: name_of(),
                code_minutes: if code.is_some() { 10 } else { 0 },
                code,
                link: link(LinkTo::VerifyEmail),
                link_minutes: 15,
            })
            .into(),
        "welcome" => [name_of(), String::new()].map(|name| Message::Welcome { name }).into(),
        "wrong_sign_in_code" => [Some(()), None]
            .map(|known| Message::WrongSignInCode {
                name: name_of(),
                at: AT.to_owned(),
                agent: known.and(some(AGENT)),
                address: known.and(some(ADDRESS)),
            })
            .into(),
        _ => Vec::new(),
    }
}
