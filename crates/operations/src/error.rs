//! Two ways not to succeed: a refusal that is shown, a fault that is ours.

use std::error::Error as StdError;

use domain::Refusal;
use storage::Transient;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    /// Expected, coded, shown to whoever asked.
    Refused(Refusal),
    /// Unexpected, logged once at the edge, opaque outside.
    Fault(Fault),
}

/// What we were doing when it failed. The cause is in the source, never in the text.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the database failed")]
    Storage(#[source] storage::Error),
    #[error("a token could not be signed")]
    Signing(#[source] jsonwebtoken::errors::Error),
    #[error("a sealed value could not be opened: was the master key exchanged?")]
    Sealed,
    #[error("a value could not be encoded")]
    Encoding(#[source] serde_json::Error),
    #[error("a mail could not be composed")]
    Template(#[source] minijinja::Error),
    #[error("password hashing has stopped")]
    HashingStopped,
    #[error("cryptography failed while {0}")]
    Cryptography(&'static str),
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(out, "refused: {refusal}"),
            Self::Fault(fault) => fault.fmt(out),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Refused(_) => None,
            Self::Fault(fault) => fault.source(),
        }
    }
}

impl Error {
    /// The whole chain on one line, for a log.
    pub fn chain(&self) -> String {
        storage::chain(self)
    }

    /// Whether the same request may succeed soon: the answer is then 503, not 500.
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Fault(
                Fault::Storage(
                    storage::Error::Unavailable { .. }
                        | storage::Error::Rival { .. }
                        | storage::Error::Stale
                ) | Fault::HashingStopped
            )
        )
    }
}

impl Fault {
    /// The whole chain on one line, for a log.
    pub fn chain(&self) -> String {
        storage::chain(self)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        Self::Fault(Fault::Storage(error))
    }
}

impl Transient for Error {
    fn is_transient(&self) -> bool {
        match self {
            // An account that changed between reading and locking is simply read again.
            Self::Fault(Fault::Storage(error)) => {
                error.is_transient() || matches!(error, storage::Error::Stale)
            }
            Self::Refused(_) | Self::Fault(_) => false,
        }
    }
}
