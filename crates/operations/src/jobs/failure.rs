//! How a job can end.

use domain::Timestamp;

use crate::error::Error;
use crate::ports::{MailError, TextError};

/// How it came to its end.
pub(super) enum Done {
    /// What was promised is done.
    Fully,
    /// The same, and whoever takes messages took one.
    Sent,
    /// There was nothing to do any more, and why.
    Needless(&'static str),
}

/// Why it did not come to its end.
pub(super) enum Failure {
    /// Worth another try.
    Later(String),
    /// Never going to work: parked at once.
    Never(String),
    /// Whoever takes messages answered, and does not take this one: now, or for good.
    Declined { reason: String, is_for_good: bool },
    /// Worth another try, of this one and of every other of its lane: nothing gets through.
    Unreachable(String),
    /// Somebody ran it before its time.
    NotYet(Timestamp),
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
            MailError::Refused(reason) => Self::Declined { reason, is_for_good: true },
            MailError::Unavailable(reason) => Self::Declined { reason, is_for_good: false },
            MailError::Unreachable(reason) => Self::Unreachable(reason),
        }
    }
}

impl From<TextError> for Failure {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Refused(reason) => Self::Declined { reason, is_for_good: true },
            TextError::Unavailable(reason) => Self::Declined { reason, is_for_good: false },
            TextError::Unreachable(reason) => Self::Unreachable(reason),
        }
    }
}
