//! Carrying the log into a stream: sent, then marked. Whoever is killed between sends once more, with the
//! same ids.

use std::time::Duration;

use storage::event_cursors::{self, Cursor};
use storage::event_dead_letters::{self, DeadLetter};
use storage::event_leader::Epoch;
use storage::event_log::{self, Logged};
use tokio::time::Instant;

use super::leader::{LeaderSettings, still_leads};
use super::replay::replay_some;
use super::sink::{Contents, Sink};
use super::{message, state};
use crate::error::{Error, Fault, Result};
use crate::ports::{StreamError, StreamMessage};
use crate::services::Services;
use crate::webhooks;

/// Looked at together.
const PIECE: i64 = 2000;
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Why an event was not carried on.
#[derive(Debug)]
pub(super) enum Trouble {
    Stream(StreamError),
    Ours(Error),
    /// Another instance leads by now, or nobody wants them any more.
    Succeeded,
}

/// Goes on until another instance leads; what goes wrong is tried again.
pub(super) async fn relay(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
    sink: &Sink,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let began_at = Instant::now();
        let Err(trouble) = carry(services, settings, epoch, sink).await;
        // Whoever has worked for a while is not in trouble for long.
        if began_at.elapsed() > sink.longest_pause {
            pause = FIRST_PAUSE;
        }
        match &trouble {
            Trouble::Succeeded => return,
            Trouble::Stream(StreamError::Closed(_)) => {
                return stumble(services, sink, &trouble).await;
            }
            Trouble::Stream(_) | Trouble::Ours(_) => stumble(services, sink, &trouble).await,
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(sink.longest_pause);
    }
}

/// Says what is wrong, where somebody looks.
pub(super) async fn stumble(services: &Services, sink: &Sink, trouble: &Trouble) {
    let sink_name = &*sink.name;
    match trouble {
        Trouble::Succeeded => {}
        Trouble::Stream(StreamError::Closed(reason)) => {
            tracing::warn!(sink = sink_name, reason, "events are wanted no more");
            close(services, sink, reason).await;
        }
        Trouble::Stream(error) => {
            tracing::warn!(sink = sink_name, reason = %error, "events are not taken");
            note(services, sink, &error.to_string()).await;
        }
        Trouble::Ours(error) => {
            tracing::warn!(sink = sink_name, reason = error.chain(), "events are not relayed");
        }
    }
}

/// Never ends well: there is always more to come.
async fn carry(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
    sink: &Sink,
) -> Result<std::convert::Infallible, Trouble> {
    // Before anything can go wrong: there it is noted.
    let mut cursor = cursor(services, sink).await?;
    // Whoever leads no longer takes nothing from who does.
    if !still_leads(services, settings, epoch).await? {
        return Err(Trouble::Succeeded);
    }
    sink.stream.claim().await?;
    // Somebody else may have claimed it before, and now finds it taken: then we are the one too many.
    if !still_leads(services, settings, epoch).await? {
        return Err(Trouble::Succeeded);
    }
    recover(services, sink, &mut cursor).await?;
    loop {
        let numbered = services.bell.numbered();
        let live = carry_some(services, epoch, sink, &mut cursor).await?;
        let again = replay_some(services, epoch, sink).await?;
        if live + again == 0 {
            tokio::select! {
                () = numbered => {}
                () = tokio::time::sleep(settings.poll_interval) => {}
            }
        }
    }
}

/// All that there is, for who does not lead for long; answers how many events there were.
pub(super) async fn carry_all(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
) -> Result<usize, Trouble> {
    sink.stream.claim().await?;
    let mut cursor = cursor(services, sink).await?;
    let mut all = 0;
    loop {
        let live = carry_some(services, epoch, sink, &mut cursor).await?;
        let again = replay_some(services, epoch, sink).await?;
        all += live + again;
        if live + again == 0 {
            return Ok(all);
        }
    }
}

async fn carry_some(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
    cursor: &mut Cursor,
) -> Result<usize, Trouble> {
    let mut read = services.store.read().await.map_err(Error::from)?;
    let logged = event_log::after(&mut read, cursor.position, i64::MAX, PIECE).await;
    let logged = logged.map_err(Error::from)?;
    drop(read);
    let Some((picked, last)) = sink.pick(logged) else { return Ok(0) };
    let dead = send(services, sink, &picked).await?;
    let now = services.clock.now();
    let moved: Result<()> = transact!(services, |tx| {
        event_cursors::advance(tx, epoch, &sink.name, cursor.position, last, now).await?;
        for letter in &dead {
            event_dead_letters::park(tx, letter).await?;
        }
    });
    moved?;
    let passed = usize::try_from(last - cursor.position).unwrap_or(usize::MAX);
    cursor.position = last;
    metrics::counter!("vestibule_events_relayed_total", "sink" => sink.name.to_string())
        .increment(u64::try_from(picked.len() - dead.len()).unwrap_or(0));
    Ok(passed)
}

/// Sends them; answers what will never be taken. That holds up nothing else.
pub(super) async fn send(
    services: &Services,
    sink: &Sink,
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
                    tracing::error!(sink = &*sink.name, position, reason, "an event is parked");
                    dead.push(DeadLetter {
                        sink: sink.name.to_string(),
                        position,
                        reason,
                        parked_at: services.clock.now(),
                    });
                }
                parts.push(rest);
                parts.push(part);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(dead)
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

/// It takes events again, whether there are any or not.
async fn recover(services: &Services, sink: &Sink, cursor: &mut Cursor) -> Result<(), Trouble> {
    if cursor.failing.take().is_some() {
        let recovered: Result<()> =
            transact!(services, |tx| { event_cursors::recover(tx, &sink.name).await? });
        recovered?;
    }
    Ok(())
}

/// Where it is; a new topic begins with the first event that there was. Whoever was deleted meanwhile
/// is told nothing.
async fn cursor(services: &Services, sink: &Sink) -> Result<Cursor, Trouble> {
    let now = services.clock.now();
    let cursor: Result<Option<Cursor>> = transact!(services, |tx| {
        let found = event_cursors::find(tx, &sink.name).await?;
        if found.is_some() || !sink.begins {
            found
        } else {
            event_cursors::insert(tx, &sink.name, 0, now).await?;
            let sink = sink.name.to_string();
            Some(Cursor { sink, position: 0, moved_at: now, failing: None })
        }
    });
    cursor?.ok_or(Trouble::Succeeded)
}

async fn note(services: &Services, sink: &Sink, reason: &str) {
    let now = services.clock.now();
    let noted: Result<()> =
        transact!(services, |tx| { event_cursors::fail(tx, &sink.name, reason, now).await? });
    if let Err(error) = noted {
        tracing::debug!(reason = error.chain(), "it was not noted why events are not taken");
    }
}

/// Of an address that wants nothing any more; a topic never says so.
async fn close(services: &Services, sink: &Sink, reason: &str) {
    if let Err(error) = webhooks::close(services, &sink.name, reason).await {
        tracing::warn!(reason = error.chain(), "the webhook was not paused");
        tokio::time::sleep(sink.longest_pause).await;
    }
}

impl From<StreamError> for Trouble {
    fn from(error: StreamError) -> Self {
        Self::Stream(error)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        if matches!(error, Error::Fault(Fault::Storage(storage::Error::Stale))) {
            return Self::Succeeded;
        }
        Self::Ours(error)
    }
}
