//! The mails there are, with what each must say.

use std::time::Duration;

use domain::device::shown_agent;
use domain::{Timestamp, User};
use serde::{Deserialize, Serialize};

use crate::context::Context;

/// The last mail that an account gets: its job outlives the account.
pub(crate) const ACCOUNT_ERASED: &str = "account_erased";

/// Kept in sealed jobs only: some messages carry secrets.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub(crate) enum Message {
    /// How to bring a deleted account back.
    Restoration {
        name: String,
        identifier: String,
        token: String,
        link: String,
        /// How long the token works.
        days: u64,
    },
    /// Nothing of the account is left.
    AccountErased {
        name: String,
        number: i64,
    },
    /// The account is ready: its address was verified, or nothing is verified there.
    Welcome {
        name: String,
    },
    /// Somebody registered an address or a number of an account that exists.
    AlreadyRegistered {
        name: String,
    },
    /// Somebody guesses at the password.
    FailedSignIns {
        name: String,
        failures: i64,
        /// No password is right any more until one is set anew.
        disabled: bool,
    },
    /// Somebody got in after guesses: the owner, or who guessed right.
    SuspiciousSignIn {
        name: String,
        failures: i64,
        at: String,
        address: Option<String>,
    },
    /// The oldest sign-in ended, because there were too many.
    SessionLimit {
        name: String,
        most: usize,
    },
    /// An administrator keeps the owner out. Why, is not said.
    Blocked {
        name: String,
        until: Option<String>,
    },
    /// Mail goes elsewhere from now on: to the address so far. No link takes it back: that mailbox
    /// may be why an administrator was asked.
    EmailChangedByAdministrator {
        name: String,
    },
    /// Somebody signed in from something not seen before.
    NewDevice {
        name: String,
        at: String,
        agent: Option<String>,
        address: Option<String>,
    },
    /// Is this address yours?
    Verification {
        name: String,
        code: Option<String>,
        link: String,
        #[serde(default)]
        code_minutes: u64,
        #[serde(default)]
        link_minutes: u64,
    },
    /// The same, of an address that waits to take the place of another: whoever reads it may know
    /// nothing of it, and is told that nothing has changed yet.
    AddressConfirmation {
        name: String,
        code: Option<String>,
        link: String,
        #[serde(default)]
        code_minutes: u64,
        #[serde(default)]
        link_minutes: u64,
    },
    /// How to set a new password without the old one.
    Recovery {
        name: String,
        code: Option<String>,
        link: String,
        #[serde(default)]
        code_minutes: u64,
        #[serde(default)]
        link_minutes: u64,
    },
    /// How to set a new username where the old one was forgotten.
    UsernameReset {
        /// The present one, or the address.
        name: String,
        link: String,
        #[serde(default)]
        link_minutes: u64,
    },
    /// Before there is an account: nobody has a name yet.
    RegistrationCode {
        code: String,
        minutes: u64,
    },
    SignInCode {
        name: String,
        code: String,
        minutes: u64,
    },
    /// Somebody knows the password, and guesses at the code that follows it.
    WrongSignInCode {
        name: String,
        at: String,
        agent: Option<String>,
        address: Option<String>,
    },
    DeletionCode {
        name: String,
        code: String,
        minutes: u64,
    },
    /// Where an application asks for a code and not for the token.
    RestorationCode {
        name: String,
        code: String,
        minutes: u64,
    },
    /// A refresh token was used a second time, and its session ended (SES-02).
    SessionReplayed {
        name: String,
        at: String,
        agent: Option<String>,
        address: Option<String>,
    },
    PasswordChanged {
        name: String,
        at: String,
        address: Option<String>,
    },
    /// Under the name that was.
    UsernameChanged {
        name: String,
    },
    /// To the present address: another one waits to take its place.
    AddressChangeRequested {
        name: String,
    },
    /// To the address that was replaced: how to take it back.
    AddressChanged {
        name: String,
        replaced: String,
        link: String,
        hours: u64,
    },
    /// To the address that a take-back put out of the account.
    AddressTakenBack {
        name: String,
    },
    /// To the mailbox, or else to the number that was: no link takes it back.
    PhoneChanged {
        name: String,
    },
}

pub(crate) fn password_changed(ctx: &Context, user: &User) -> Message {
    Message::PasswordChanged {
        name: user.display_name().to_owned(),
        at: minute(ctx.now),
        address: ctx.client.address.clone(),
    }
}

pub(crate) fn session_replayed(ctx: &Context, user: &User) -> Message {
    Message::SessionReplayed {
        name: user.display_name().to_owned(),
        at: minute(ctx.now),
        agent: agent(ctx),
        address: ctx.client.address.clone(),
    }
}

pub(crate) fn wrong_sign_in_code(ctx: &Context, user: &User) -> Message {
    Message::WrongSignInCode {
        name: user.display_name().to_owned(),
        at: minute(ctx.now),
        agent: agent(ctx),
        address: ctx.client.address.clone(),
    }
}

/// From what somebody calls, as mails say it.
fn agent(ctx: &Context) -> Option<String> {
    ctx.client.agent.as_deref().map(shown_agent).filter(|agent| !agent.is_empty())
}

/// As times stand in mails.
pub(crate) fn minute(at: Timestamp) -> String {
    at.calendar().format("%Y-%m-%d %H:%M UTC").to_string()
}

/// How long something is good for, in full minutes.
pub(crate) fn minutes(lifetime: Duration) -> u64 {
    // What was issued just now is good for all of its time.
    (lifetime.as_secs() + 5) / 60
}

impl Message {
    /// The same when so much is left of code and link: a code that is over is not said.
    #[must_use]
    pub(crate) fn with_left(mut self, of_code: Duration, of_link: Duration) -> Self {
        if let Self::Verification { code, code_minutes, link_minutes, .. }
        | Self::AddressConfirmation { code, code_minutes, link_minutes, .. }
        | Self::Recovery { code, code_minutes, link_minutes, .. } = &mut self
        {
            if of_code.is_zero() {
                *code = None;
            }
            *code_minutes = minutes(of_code);
            *link_minutes = minutes(of_link);
        }
        if let Self::UsernameReset { link_minutes, .. } = &mut self {
            *link_minutes = minutes(of_link);
        }
        self
    }

    /// The name of its templates.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Restoration { .. } => "restoration",
            Self::AccountErased { .. } => ACCOUNT_ERASED,
            Self::Welcome { .. } => "welcome",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::FailedSignIns { .. } => "failed_sign_ins",
            Self::SuspiciousSignIn { .. } => "suspicious_sign_in",
            Self::NewDevice { .. } => "new_device",
            Self::SessionLimit { .. } => "session_limit",
            Self::Blocked { .. } => "blocked",
            Self::EmailChangedByAdministrator { .. } => "email_changed_by_administrator",
            Self::Verification { .. } => "verification",
            Self::AddressConfirmation { .. } => "address_confirmation",
            Self::Recovery { .. } => "recovery",
            Self::UsernameReset { .. } => "username_reset",
            Self::UsernameChanged { .. } => "username_changed",
            Self::RegistrationCode { .. } => "registration_code",
            Self::SignInCode { .. } => "sign_in_code",
            Self::WrongSignInCode { .. } => "wrong_sign_in_code",
            Self::DeletionCode { .. } => "deletion_code",
            Self::RestorationCode { .. } => "restoration_code",
            Self::SessionReplayed { .. } => "session_replayed",
            Self::PasswordChanged { .. } => "password_changed",
            Self::AddressChangeRequested { .. } => "address_change_requested",
            Self::AddressChanged { .. } => "address_changed",
            Self::AddressTakenBack { .. } => "address_taken_back",
            Self::PhoneChanged { .. } => "phone_changed",
        }
    }

    /// The code or token that stands alone, and the link.
    pub(super) fn secrets(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Restoration { token, link, .. } => (Some(token), Some(link)),
            Self::Verification { code, link, .. }
            | Self::AddressConfirmation { code, link, .. }
            | Self::Recovery { code, link, .. } => (code.as_deref(), Some(link)),
            Self::AddressChanged { link, .. } | Self::UsernameReset { link, .. } => {
                (None, Some(link))
            }
            Self::RegistrationCode { code, .. }
            | Self::SignInCode { code, .. }
            | Self::DeletionCode { code, .. }
            | Self::RestorationCode { code, .. } => (Some(code), None),
            Self::AccountErased { .. }
            | Self::Welcome { .. }
            | Self::AlreadyRegistered { .. }
            | Self::FailedSignIns { .. }
            | Self::SuspiciousSignIn { .. }
            | Self::SessionLimit { .. }
            | Self::SessionReplayed { .. }
            | Self::WrongSignInCode { .. }
            | Self::Blocked { .. }
            | Self::EmailChangedByAdministrator { .. }
            | Self::NewDevice { .. }
            | Self::PasswordChanged { .. }
            | Self::UsernameChanged { .. }
            | Self::AddressChangeRequested { .. }
            | Self::AddressTakenBack { .. }
            | Self::PhoneChanged { .. } => (None, None),
        }
    }
}
