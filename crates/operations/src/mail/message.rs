//! The mails there are, with what each must say.

use serde::{Deserialize, Serialize};

/// Kept in sealed jobs only: some messages carry secrets.
#[derive(Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub(crate) enum Message {
    /// How to bring a deleted account back.
    Restoration {
        name: String,
        identifier: String,
        token: String,
        /// How long the token works.
        days: u64,
    },
    /// The account was made, where the answer could not say so.
    Welcome { name: String },
    /// Somebody registered an address or a number of an account that exists.
    AlreadyRegistered { name: String },
    /// Somebody guesses at the password.
    FailedSignIns {
        name: String,
        failures: i64,
        /// No password is right any more until one is set anew.
        disabled: bool,
    },
    /// Somebody got in after guesses: the owner, or who guessed right.
    SuspiciousSignIn { name: String, failures: i64, at: String, address: Option<String> },
    /// The oldest sign-in ended, because there were too many.
    SessionLimit { name: String, most: usize },
    /// Somebody signed in from something not seen before.
    NewDevice { name: String, at: String, agent: Option<String>, address: Option<String> },
}

impl Message {
    /// The folder of its templates.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Restoration { .. } => "restoration",
            Self::Welcome { .. } => "welcome",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::FailedSignIns { .. } => "failed_sign_ins",
            Self::SuspiciousSignIn { .. } => "suspicious_sign_in",
            Self::NewDevice { .. } => "new_device",
            Self::SessionLimit { .. } => "session_limit",
        }
    }
}
