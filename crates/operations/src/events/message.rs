//! What a stream is sent for an event: the binding of `CloudEvents` 1.0 for Kafka.

use domain::UserId;
use storage::event_log::Logged;

use super::cloud_event::{CloudEvent, EventSource};
use crate::ports::StreamMessage;

const STRUCTURED: &str = "application/cloudevents+json; charset=UTF-8";
const JSON: &str = "application/json";

/// "3.2 Binary Content Mode": attributes in headers that begin with `ce_`.
pub(super) fn binary(
    logged: &Logged,
    source: &EventSource,
) -> Result<StreamMessage, serde_json::Error> {
    let event = CloudEvent::of(logged, source)?;
    let attributes = event.attributes().into_iter();
    let mut headers: Vec<(&'static str, String)> =
        attributes.map(|(name, value)| (name, value.to_owned())).collect();
    headers.push(("content-type", JSON.to_owned()));
    let body = Some(logged.data.clone().into_bytes());
    Ok(StreamMessage { id: event.id, key: event.subject, headers, body })
}

/// "3.3 Structured Content Mode": the whole event in the value.
pub(super) fn structured(
    logged: &Logged,
    source: &EventSource,
) -> Result<StreamMessage, serde_json::Error> {
    let event = CloudEvent::of(logged, source)?;
    let body = serde_json::to_vec(&event)?;
    let headers = vec![("content-type", STRUCTURED.to_owned())];
    Ok(StreamMessage { id: event.id, key: event.subject, headers, body: Some(body) })
}

/// A state, or with none a tombstone; under an id of its own.
pub(super) fn state(id: String, user_id: UserId, body: Option<Vec<u8>>) -> StreamMessage {
    let headers = match body {
        Some(_) => vec![("content-type", JSON.to_owned())],
        None => Vec::new(),
    };
    StreamMessage { id, key: user_id.to_string(), headers, body }
}
