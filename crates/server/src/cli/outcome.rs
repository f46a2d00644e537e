//! How a command can end.

use std::fmt;
use std::process::ExitCode;

use operations::{Error, StartError};

use super::words;
use crate::config::Problems;

pub(super) type Outcome<T = ()> = Result<T, Failure>;

#[derive(Debug)]
pub(super) enum Failure {
    /// What the parser of arguments cannot know, such as that nobody sits at a terminal.
    Usage(String),
    Configuration(Problems),
    /// An operation said no; nothing was changed.
    Refused(String),
    /// The same, with its code for the audit trail.
    RefusedAs {
        code: &'static str,
        reason: String,
    },
    /// A command that looks for faults found some, and has said which.
    Found(String),
    Failed(anyhow::Error),
}

impl Failure {
    /// As what the audit trail keeps it.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) => "wrong_usage",
            Self::Configuration(_) => "wrong_configuration",
            Self::Refused(_) => "refused",
            Self::RefusedAs { code, .. } => code,
            Self::Found(_) | Self::Failed(_) => "failed",
        }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Failed(_) | Self::Found(_) => 1,
            Self::Usage(_) => 2,
            Self::Configuration(_) => 3,
            Self::Refused(_) | Self::RefusedAs { .. } => 4,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(reason) => write!(out, "error: {reason}"),
            Self::Configuration(problems) => {
                write!(out, "the configuration is wrong:\n{problems}")
            }
            Self::Refused(reason) | Self::RefusedAs { reason, .. } => {
                write!(out, "refused: {reason}")
            }
            Self::Found(what) => write!(out, "{what}"),
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
            Error::Refused(refusal) => {
                Self::RefusedAs { code: refusal.code(), reason: words::say(&refusal) }
            }
            Error::Fault(fault) => Self::Failed(anyhow::anyhow!(fault.chain())),
        }
    }
}

impl From<storage::Error> for Failure {
    fn from(error: storage::Error) -> Self {
        Self::Failed(anyhow::anyhow!(error.chain()))
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::Failed(error.into())
    }
}
