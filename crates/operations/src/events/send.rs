//! Events as messages, handed to a stream until each was taken or will never be.

use storage::event_cursors::Refused;
use storage::event_dead_letters::DeadLetter;
use storage::event_log::Logged;

use super::patience::{is_refused_for_good, refused_again, stands_at};
use super::sink::{Contents, Sink, SinkKind};
use super::trouble::Trouble;
use super::{message, state};
use crate::error::{Fault, Result};
use crate::ports::{StreamError, StreamMessage};
use crate::services::Services;

/// Sends them; answers what will never be taken. That holds up nothing else. What was refused
/// before counts.
pub(super) async fn send(
    services: &Services,
    sink: &Sink,
    refused: Option<Refused>,
    logged: &[Logged],
) -> Result<Vec<DeadLetter>, Trouble> {
    let messages = compose(services, sink.contents, logged).await?;
    let mut dead = Vec::new();
    // What is to be sent, the next last.
    let mut parts = vec![messages];
    while let Some(mut part) = parts.pop() {
        if part.is_empty() {
            continue;
        }
        let batch: Vec<StreamMessage> = part.iter().map(|(_, one)| one.clone()).collect();
        match sink.stream.publish(&batch).await {
            Ok(()) => {}
            Err(StreamError::RefusedTogether(_)) if part.len() > 1 => {
                let rest = part.split_off(part.len() / 2);
                parts.push(rest);
                parts.push(part);
            }
            Err(StreamError::Refused { at, reason }) if at < part.len() => {
                let rest = part.split_off(at + 1);
                if let Some((event, _)) = part.pop() {
                    let position = logged[event].position;
                    dead.push(park(services, sink, refused, position, reason)?);
                }
                parts.push(rest);
                parts.push(part);
            }
            Err(error) => {
                let first = part.first().map(|(event, _)| logged[*event].position);
                let now = services.clock.now();
                let at = first.map(|position| stands_at(refused, position, now));
                return Err(Trouble::Stream { error, at });
            }
        }
    }
    Ok(dead)
}

/// A broker knows at once what it will never take. An address may only have a bad moment.
fn park(
    services: &Services,
    sink: &Sink,
    refused: Option<Refused>,
    position: i64,
    reason: String,
) -> Result<DeadLetter, Trouble> {
    let now = services.clock.now();
    if let SinkKind::Webhook { .. } = sink.kind {
        let refused = refused_again(refused, position, now);
        if !is_refused_for_good(&refused, now) {
            return Err(Trouble::Refused { refused, reason });
        }
    }
    tracing::error!(sink = &*sink.name, position, reason, "an event is parked");
    Ok(DeadLetter { sink: sink.name.to_string(), position, reason, parked_at: now })
}

/// Each with the place of its event.
async fn compose(
    services: &Services,
    contents: Contents,
    logged: &[Logged],
) -> Result<Vec<(usize, StreamMessage)>> {
    let source = &services.event_source;
    let told = |compose: fn(&_, &_) -> _| -> Result<Vec<_>, serde_json::Error> {
        let composed = logged.iter().enumerate();
        composed.map(|(at, event)| Ok((at, compose(event, source)?))).collect()
    };
    match contents {
        Contents::BinaryEvents => Ok(told(message::binary).map_err(Fault::Encoding)?),
        Contents::StructuredEvents => Ok(told(message::structured).map_err(Fault::Encoding)?),
        Contents::State => state::messages(services, logged).await,
    }
}
