//! Something that explains why somebody does not get in.

use domain::Timestamp;
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
    pub(super) fn caused_by(self, event: Option<&Entry>) -> Self {
        let Some(event) = event else { return self };
        Self { since: Some(event.at), by: Some(By::of(event)), ..self }
    }
}

impl By {
    fn of(event: &Entry) -> Self {
        Self { actor: event.actor.clone(), id: event.actor_id }
    }
}
