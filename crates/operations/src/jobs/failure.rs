//! How a job can end.

use crate::error::Error;
use crate::ports::{MailError, TextError};

/// How it came to its end.
pub(super) enum Done {
    /// What was promised is done.
    Fully,
    /// There was nothing to do any more, and why.
    Needless(&'static str),
}

/// Why it did not come to its end.
pub(super) enum Failure {
    /// Worth another try.
    Later(String),
    /// Worth another try, of this one and of every other of its lane: nothing gets through.
    Unreachable(String),
    /// Never going to work: parked at once.
    Never(String),
    /// This process ends: somebody else does it.
    Stopped,
    /// Somebody else has it, who took us for dead.
    Overtaken,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Later(error.chain())
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Refused(reason) => Self::Never(reason),
            MailError::Unavailable(reason) => Self::Later(reason),
            MailError::Unreachable(reason) => Self::Unreachable(reason),
        }
    }
}

impl From<TextError> for Failure {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Refused(reason) => Self::Never(reason),
            TextError::Unavailable(reason) => Self::Later(reason),
            TextError::Unreachable(reason) => Self::Unreachable(reason),
        }
    }
}
