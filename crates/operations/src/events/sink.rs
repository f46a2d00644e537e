//! Who is told of the log beside those that read it.

use std::sync::Arc;

use crate::ports::EventStream;

/// A stream, what goes into it, and the name under which it is known how far it is.
#[derive(Clone)]
pub struct Sink {
    pub name: &'static str,
    pub contents: Contents,
    pub stream: Arc<dyn EventStream>,
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
}
