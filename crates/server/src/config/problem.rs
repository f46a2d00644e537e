//! What is wrong with the configuration, and where it was written.

use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `config.default.toml`, compiled in.
    Default,
    File {
        path: PathBuf,
        line: usize,
    },
    /// A variable of the `.env` file.
    DotEnv(String),
    Environment(String),
    Flag(&'static str),
    /// Nobody set it: it follows from another setting, or from the machine.
    Derived(&'static str),
}

/// One thing to mend. `what` never holds the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `http.listen`; empty when a whole source could not be read.
    pub key: String,
    pub what: String,
    pub source: Source,
}

/// Everything wrong at once, so that it is mended at once. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File { path, line } => write!(out, "{}:{line}", path.display()),
            Self::DotEnv(variable) => write!(out, ".env variable {variable}"),
            Self::Environment(variable) => write!(out, "environment variable {variable}"),
            Self::Flag(name) => write!(out, "flag {name}"),
            Self::Derived(from) => out.write_str(from),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(out, "{}: ", self.key)?;
        }
        write!(out, "{} ({})", self.what, self.source)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                out.write_str("\n")?;
            }
            write!(out, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
