//! What is asked for, and of which accounts: the classes that nobody may tell apart.

use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

/// Of the right length for every class.
pub(super) const PASSWORD: &str = "seven quiet herons";
const WRONG_PASSWORD: &str = "seven quiet badger";

/// What is true of the account behind an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Known,
    Missing,
    /// Made by an administrator; its owner never set a password.
    Passwordless,
    Blocked,
    Unverified,
    /// It can be restored, and holds its address.
    Deleted,
}

/// A path that is open to everybody, with the standings between which it must not tell.
pub(super) struct Surface {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    /// Another status is a refusal, which says nothing of the time that an answer takes.
    pub(super) status: u16,
    /// How often an account is asked about: what protects single accounts is lifted by no setting.
    pub(super) uses: usize,
    /// Whether the accounts need a password, which is slow to set.
    pub(super) needs_password: bool,
    pub(super) standings: &'static [Standing],
    body: fn(&str) -> Value,
}

pub(super) const SURFACES: &[Surface] = &[
    // PWD-12, LGN-09, LIF-02. Five failures of an account are free.
    Surface {
        name: "sign-in",
        path: "/api/v1/auth/login",
        status: 401,
        uses: 4,
        needs_password: true,
        standings: &[
            Standing::Known,
            Standing::Missing,
            Standing::Passwordless,
            Standing::Blocked,
            Standing::Unverified,
            Standing::Deleted,
        ],
        body: |email| json!({ "identifier": email, "password": WRONG_PASSWORD }),
    },
    // REG-12, LIF-02. Who is missing is registered by it.
    Surface {
        name: "registration",
        path: "/api/v1/auth/register",
        status: 202,
        uses: 1,
        needs_password: false,
        standings: HOLDERS,
        body: |email| json!({ "email": email, "password": PASSWORD }),
    },
    // RCV-01, LIF-02. To one name something is sent once a minute.
    Surface {
        name: "recovery",
        path: "/api/v1/auth/recover",
        status: 202,
        uses: 1,
        needs_password: false,
        standings: HOLDERS,
        body: |email| json!({ "identifier": email }),
    },
    // OTP-13. A mail goes to who is unverified.
    Surface {
        name: "sending",
        path: "/api/v1/auth/verify/email/send",
        status: 202,
        uses: 1,
        needs_password: false,
        standings: HOLDERS,
        body: |email| json!({ "email": email }),
    },
];

const HOLDERS: &[Standing] = &[
    Standing::Known,
    Standing::Missing,
    Standing::Unverified,
    Standing::Blocked,
    Standing::Deleted,
];

pub(super) fn names() -> PossibleValuesParser {
    SURFACES.iter().map(|surface| surface.name).into()
}

impl Surface {
    pub(super) fn body(&self, email: &str) -> String {
        (self.body)(email).to_string()
    }
}

impl Standing {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Missing => "missing",
            Self::Passwordless => "no password",
            Self::Blocked => "blocked",
            Self::Unverified => "unverified",
            Self::Deleted => "deleted",
        }
    }

    /// An administrator vouches for the address of everybody else.
    pub(super) fn is_verified(self) -> bool {
        !matches!(self, Self::Missing | Self::Unverified)
    }
}
