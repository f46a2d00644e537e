//! The pages there are, before anybody knows in which language.

use axum::response::{IntoResponse, Response};
use domain::{Refusal, Rule};
use http::StatusCode;

use crate::kit::FaultNote;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    VerifyEmail,
    VerifyPhone,
    Recover,
    TakeBack,
    Restore,
}

impl Link {
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::VerifyPhone => "verify-phone",
            Self::Recover => "recover",
            Self::TakeBack => "take-back",
            Self::Restore => "restore",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    EmailVerified,
    PhoneVerified,
    PasswordSet,
    Restored,
}

/// Travels in an answer until it is known who reads it.
#[derive(Clone)]
pub(super) enum Page {
    /// Asks to press the button.
    Ask {
        link: Link,
        token: String,
    },
    /// The same for a link that needs the name of its account. `is_wrong` when it did not fit.
    AskName {
        token: String,
        is_wrong: bool,
    },
    /// Asks for a new password.
    Password {
        ticket: String,
        is_taken_back: bool,
        min: usize,
        wrong: Wrong,
    },
    Done(Done),
    /// What was sent has no token.
    NoToken,
}

/// What was wrong with the password that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Nothing,
    Rules(Vec<Rule>),
    Repetition,
}

impl Page {
    const fn status(&self) -> StatusCode {
        match self {
            Self::AskName { is_wrong: true, .. } | Self::NoToken => StatusCode::BAD_REQUEST,
            Self::Password { wrong: Wrong::Rules(_) | Wrong::Repetition, .. } => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Ask { .. } | Self::AskName { .. } | Self::Password { .. } | Self::Done(_) => {
                StatusCode::OK
            }
        }
    }

    /// As the log and the metrics call it.
    fn refused(&self) -> Option<&'static str> {
        match self {
            Self::AskName { is_wrong: true, .. } => Some(Refusal::RestorationInvalid.code()),
            Self::Password { wrong: Wrong::Rules(_), .. } => {
                Some(Refusal::Invalid(Vec::new()).code())
            }
            Self::Ask { .. }
            | Self::AskName { .. }
            | Self::Password { .. }
            | Self::Done(_)
            | Self::NoToken => None,
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(code) = self.refused() {
            response.extensions_mut().insert(FaultNote::Refused(code));
        }
        response.extensions_mut().insert(self);
        response
    }
}
