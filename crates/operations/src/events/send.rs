//! Events as messages, handed to a stream until each was taken or will never be.

use std::time::Duration;

use storage::event_cursors::Refused;
use storage::event_dead_letters::DeadLetter;
use storage::event_log::Logged;
use tokio::time::Instant;

use super::patience::{is_refused_for_good, refused_again, stands_at};
use super::sink::{Contents, Sink, SinkKind};
use super::trouble::Trouble;
use super::{message, state};
use crate::error::{Fault, Result};
use crate::ports::{StreamError, StreamMessage};
use crate::services::Services;

/// So many are parked together at most, or those of so long: whoever is killed begins with the first.
const PARKED_TOGETHER: usize = 100;
const LONGEST_UNPARKED: Duration = Duration::from_secs(5);

/// How far sending came.
pub(super) struct Sent {
    /// So many events, from the first on, are taken or will never be.
    pub settled: usize,
    /// Those among them that will never be.
    pub dead: Vec<DeadLetter>,
    /// What kept it from going on.
    pub trouble: Option<Trouble>,
}

/// Sends them, up to where nothing is taken or enough will never be. What was refused before counts.
pub(super) async fn send(
    services: &Services,
    sink: &Sink,
    refused: Option<Refused>,
    logged: &[Logged],
) -> Result<Sent> {
    let messages = compose(services, sink.contents, logged).await?;
    let positions: Vec<i64> = logged.iter().map(|event| event.position).collect();
    send_messages(services, sink, refused, &positions, messages).await
}

/// The same with messages that are composed already, each about one of these positions. That some will
/// never be taken holds up nothing else.
pub(super) async fn send_messages(
    services: &Services,
    sink: &Sink,
    refused: Option<Refused>,
    positions: &[i64],
    messages: Vec<(usize, StreamMessage)>,
) -> Result<Sent> {
    let mut sent = Sent { settled: 0, dead: Vec::new(), trouble: None };
    let mut first_parked_at = None;
    // What is to be sent, the next last.
    let mut parts = vec![messages];
    while let Some(mut part) = parts.pop() {
        let Some((first, _)) = part.first() else { continue };
        // Parts are in order, and so is what they are about: an account's state is of its last event.
        sent.settled = *first;
        if is_enough(&sent, first_parked_at) {
            return Ok(sent.cut(positions));
        }
        let position = positions[*first];
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
                    match park(services, sink, refused, positions[event], reason) {
                        Ok(letter) => sent.dead.push(letter),
                        Err(trouble) => {
                            sent.trouble = Some(trouble);
                            return Ok(sent.cut(positions));
                        }
                    }
                    first_parked_at.get_or_insert_with(Instant::now);
                }
                parts.push(rest);
                parts.push(part);
            }
            Err(error) => {
                // Where nobody answers, it is in nobody's way.
                let is_tried = !matches!(error, StreamError::Unreachable(_) | StreamError::Fenced);
                let at = is_tried.then(|| stands_at(refused, position, services.clock.now()));
                sent.trouble = Some(Trouble::Stream { error, at });
                return Ok(sent.cut(positions));
            }
        }
    }
    sent.settled = positions.len();
    Ok(sent)
}

fn is_enough(sent: &Sent, first_parked_at: Option<Instant>) -> bool {
    let is_long_ago = first_parked_at.is_some_and(|at| at.elapsed() >= LONGEST_UNPARKED);
    sent.settled > 0 && (sent.dead.len() >= PARKED_TOGETHER || is_long_ago)
}

impl Sent {
    /// Without what was refused ahead of others that are still to be sent: it will be once more.
    fn cut(mut self, positions: &[i64]) -> Self {
        let settled = &positions[..self.settled];
        self.dead.retain(|letter| settled.contains(&letter.position));
        self
    }
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
