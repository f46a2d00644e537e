//! What is done in several steps, each by whoever holds the key that the first one gave.

use std::time::Duration;

/// How long a flow waits for its next step.
pub const FLOW_LIFETIME: Duration = Duration::from_mins(6);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowKind {
    Registration,
    SignIn,
    Recovery,
}

/// What is to come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowStep {
    /// The code that was sent.
    Code,
    /// A new password.
    NewPassword,
}

impl FlowKind {
    /// The stable name, as rows have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::SignIn => "sign_in",
            Self::Recovery => "recovery",
        }
    }
}

impl FlowStep {
    /// The stable name, as rows have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::NewPassword => "new_password",
        }
    }
}
