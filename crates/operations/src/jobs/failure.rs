//! Why a job did not come to its end.

use crate::error::Error;
use crate::ports::{MailError, TextError};

pub(super) enum Failure {
    /// Worth another try.
    Later(String),
    /// Never going to work: parked at once.
    Never(String),
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
            MailError::Unavailable(reason) | MailError::Unreachable(reason) => Self::Later(reason),
        }
    }
}

impl From<TextError> for Failure {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Refused(reason) => Self::Never(reason),
            TextError::Unavailable(reason) | TextError::Unreachable(reason) => Self::Later(reason),
        }
    }
}
