//! What is wrong with a template.

use std::fmt;

use crate::error::{Error, Fault};

/// Where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProblem {
    pub file: String,
    pub line: Option<usize>,
    pub reason: String,
}

impl TemplateProblem {
    pub(super) fn in_file(file: &str, reason: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, reason: reason.into() }
    }

    /// An error of the compiler.
    pub(super) fn of(file: &str, error: &minijinja::Error, source: &str) -> Self {
        let line = error.line();
        let reason = error.detail().map_or_else(|| error.kind().to_string(), ToOwned::to_owned);
        let at = line.and_then(|line| source.lines().nth(line.saturating_sub(1)));
        let at = at.map(|at| format!(": {}", at.trim())).unwrap_or_default();
        Self {
            file: error.name().unwrap_or(file).to_owned(),
            line,
            reason: format!("{reason}{at}"),
        }
    }

    /// An error of a template that compiled.
    pub(super) fn of_rendering(file: &str, error: &Error) -> Self {
        match error {
            Error::Fault(Fault::Template(error)) => Self::of(file, error, ""),
            Error::Fault(fault) => Self::in_file(file, fault.chain()),
            Error::Refused(refusal) => Self::in_file(file, refusal.code()),
        }
    }

    /// Says what stands there, where the source is known.
    pub(super) fn quoting(mut self, source: Option<&str>) -> Self {
        let line = self.line.and_then(|line| source?.lines().nth(line.saturating_sub(1)));
        if let Some(line) = line {
            self.reason = format!("{}: {}", self.reason, line.trim());
        }
        self
    }
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}", self.file, self.reason),
            None => write!(out, "{}: {}", self.file, self.reason),
        }
    }
}
