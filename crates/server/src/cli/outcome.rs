//! How a command can end.

use std::fmt;
use std::process::ExitCode;

use operations::Error;

use crate::config::Problems;

pub(super) type Outcome<T = ()> = Result<T, Failure>;

#[derive(Debug)]
pub(super) enum Failure {
    Configuration(Problems),
    /// An operation said no; nothing was changed.
    Refused(String),
    Failed(anyhow::Error),
}

impl Failure {
    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Failed(_) => 1,
            Self::Configuration(_) => 3,
            Self::Refused(_) => 4,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(problems) => {
                write!(out, "the configuration is wrong:\n{problems}")
            }
            Self::Refused(reason) => write!(out, "refused: {reason}"),
            Self::Failed(error) => write!(out, "failed: {error:#}"),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Error>() {
            Ok(error) => error.into(),
            Err(error) => Self::Failed(error),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::Refused(refusal.to_string()),
            Error::Fault(fault) => Self::Failed(anyhow::anyhow!(fault.chain())),
        }
    }
}
