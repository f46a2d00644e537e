//! What keeps events from being carried on, said where somebody looks.

use storage::event_cursors::{self, Failing, Refused};
use storage::event_leader::Epoch;

use super::patience::is_gone;
use super::sink::{Sink, SinkKind};
use crate::error::{Error, Fault, Result};
use crate::ports::StreamError;
use crate::services::Services;
use crate::webhooks;

/// Why an event was not carried on.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Nothing is taken; at which event that was, where it may be the reason.
    Stream {
        error: StreamError,
        at: Option<Refused>,
    },
    /// This one is refused, perhaps not for good.
    Refused {
        refused: Refused,
        reason: String,
    },
    Ours(Error),
    /// Somebody else moved the stream: another leader, or an operator.
    Overtaken,
    /// Another instance leads by now, or nobody wants them any more.
    Succeeded,
}

/// Says what is wrong; answers whether nothing more is to be sent.
pub(super) async fn stumble(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
    trouble: &Trouble,
) -> bool {
    let sink_name = &*sink.name;
    match trouble {
        Trouble::Succeeded => return true,
        Trouble::Overtaken => {}
        Trouble::Stream { error: StreamError::Closed(reason), .. } => {
            tracing::warn!(sink = sink_name, reason, "events are wanted no more");
            return close(services, sink, reason).await;
        }
        Trouble::Stream { error, at } => {
            let reason = error.to_string();
            tracing::warn!(sink = sink_name, reason, "events are not taken");
            return note(services, epoch, sink, &reason, at.as_ref()).await;
        }
        Trouble::Refused { refused, reason } => {
            let position = refused.position;
            tracing::warn!(sink = sink_name, position, reason, "an event is not taken");
            return note(services, epoch, sink, reason, Some(refused)).await;
        }
        Trouble::Ours(error) => {
            tracing::warn!(sink = sink_name, reason = error.chain(), "events are not relayed");
        }
    }
    false
}

/// Answers whether that was once too often.
async fn note(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
    reason: &str,
    refused: Option<&Refused>,
) -> bool {
    let now = services.clock.now();
    let noted: Result<Option<Failing>> = transact!(services, |tx| {
        event_cursors::fail(tx, epoch, &sink.name, reason, now).await?;
        if let Some(refused) = refused {
            event_cursors::refuse(tx, epoch, &sink.name, refused).await?;
        }
        event_cursors::find(tx, &sink.name).await?.and_then(|cursor| cursor.failing)
    });
    match noted {
        Ok(Some(failing)) if is_gone(&failing, now) => {
            let days = now.since(failing.since).as_secs() / 86_400;
            let reason = format!("nothing was taken for {days} days: {reason}");
            close(services, sink, &reason).await
        }
        Ok(_) => false,
        Err(error) => {
            tracing::debug!(reason = error.chain(), "it was not noted why events are not taken");
            false
        }
    }
}

/// Of an address; a topic stays. False when it could not be closed.
async fn close(services: &Services, sink: &Sink, reason: &str) -> bool {
    let SinkKind::Webhook { id, version } = sink.kind else { return false };
    let closed = webhooks::close(services, id, version, reason).await;
    if let Err(error) = &closed {
        tracing::warn!(reason = error.chain(), "the webhook was not paused");
    }
    closed.is_ok()
}

impl From<StreamError> for Trouble {
    fn from(error: StreamError) -> Self {
        Self::Stream { error, at: None }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        if matches!(error, Error::Fault(Fault::Storage(storage::Error::Stale))) {
            return Self::Overtaken;
        }
        Self::Ours(error)
    }
}
