//! Something that explains why somebody does not get in.

use domain::Timestamp;
use storage::events::Cause;
use uuid::Uuid;

use crate::audit::Entry;

/// In the order of importance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Keeps the account out.
    Blocking,
    /// Keeps it from something, or from some place.
    Warning,
    /// May explain what its owner saw.
    Info,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub actor: String,
    pub id: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable.
    pub code: &'static str,
    pub severity: Severity,
    /// For people.
    pub text: String,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub by: Option<By>,
}

impl Severity {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocking => "blocking",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl Finding {
    pub(super) fn new(code: &'static str, severity: Severity, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { code, severity, text, since: None, until: None, by: None }
    }

    pub(super) fn since(self, since: Option<Timestamp>) -> Self {
        Self { since, ..self }
    }

    pub(super) fn until(self, until: Timestamp) -> Self {
        Self { until: Some(until), ..self }
    }

    /// Since the event, and by whoever caused it.
    pub(super) fn caused_by<'a>(self, event: Option<impl Into<Caused<'a>>>) -> Self {
        let Some(Caused { actor, id, at }) = event.map(Into::into) else { return self };
        let by = By { actor: actor.to_owned(), id };
        Self { since: Some(at), by: Some(by), ..self }
    }
}

/// What is told of an event.
pub(super) struct Caused<'a> {
    actor: &'a str,
    id: Option<Uuid>,
    at: Timestamp,
}

impl<'a> From<&'a Entry> for Caused<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self { actor: &entry.actor, id: entry.actor_id, at: entry.at }
    }
}

impl<'a> From<&'a Cause> for Caused<'a> {
    fn from(cause: &'a Cause) -> Self {
        Self { actor: &cause.actor, id: cause.actor_id, at: cause.at }
    }
}
