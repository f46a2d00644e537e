//! Who is told of the log beside those that read it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use storage::event_log::Logged;
use uuid::Uuid;

use crate::ports::EventStream;

/// A stream, what goes into it, and the name under which it is known how far it is.
#[derive(Clone)]
pub struct Sink {
    pub name: Arc<str>,
    pub contents: Contents,
    /// Of these types only; none means all.
    pub types: Option<HashSet<String>>,
    pub kind: SinkKind,
    /// So many messages together.
    pub batch: usize,
    /// So many events are read together.
    pub piece: usize,
    /// At most so long after it takes events again, they flow.
    pub longest_pause: Duration,
    pub stream: Arc<dyn EventStream>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SinkKind {
    /// Of the settings. One that is not known yet is told everything from the first event on.
    Topic,
    /// Of the database, with the settings that it has in this version.
    Webhook { id: Uuid, version: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Each event, its attributes in headers: the binary mode of `CloudEvents`.
    BinaryEvents,
    /// Each event whole in the body: the structured mode.
    StructuredEvents,
    /// The account as it is by now.
    State,
}

impl Sink {
    pub const EVENTS: &str = "kafka";
    pub const STATE: &str = "kafka-state";

    /// A topic of Kafka.
    pub fn topic(name: &str, contents: Contents, stream: Arc<dyn EventStream>) -> Self {
        Self {
            name: name.into(),
            contents,
            types: None,
            kind: SinkKind::Topic,
            batch: 2000,
            piece: 2000,
            longest_pause: Duration::from_secs(10),
            stream,
        }
    }

    pub(super) fn wants(&self, logged: &Logged) -> bool {
        self.types.as_ref().is_none_or(|types| types.contains(&logged.name))
    }
}
