//! The mails there are, with what each must say.

use domain::User;
use serde::{Deserialize, Serialize};

use crate::context::Context;

/// Kept in sealed jobs only: some messages carry secrets.
#[derive(Serialize, Deserialize)]
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
    },
    /// How to set a new password without the old one.
    Recovery {
        name: String,
        code: Option<String>,
        link: String,
    },
    PasswordChanged {
        name: String,
        at: String,
        address: Option<String>,
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
}

pub(crate) fn password_changed(ctx: &Context, user: &User) -> Message {
    Message::PasswordChanged {
        name: user.display_name().to_owned(),
        at: ctx.now.calendar().format("%Y-%m-%d %H:%M UTC").to_string(),
        address: ctx.client.address.clone(),
    }
}

impl Message {
    /// The folder of its templates.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Restoration { .. } => "restoration",
            Self::FailedSignIns { .. } => "failed_sign_ins",
            Self::SuspiciousSignIn { .. } => "suspicious_sign_in",
            Self::NewDevice { .. } => "new_device",
            Self::SessionLimit { .. } => "session_limit",
            Self::Verification { .. } => "verification",
            Self::Recovery { .. } => "recovery",
            Self::PasswordChanged { .. } => "password_changed",
            Self::AddressChangeRequested { .. } => "address_change_requested",
            Self::AddressChanged { .. } => "address_changed",
        }
    }
}
