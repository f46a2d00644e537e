//! Accounts as they are by now, for a topic of states that begins, or is told everything once more, when
//! the log does not tell of all of them any more. Told by number, in pieces, as a replay is.

use domain::{EventId, Timestamp, User};
use storage::event_cursors::Refused;
use storage::event_leader::{self, Epoch};
use storage::event_replays::{self, Replay, ReplayOf};
use storage::{Read, Tx, event_dead_letters, event_log, users};

use super::send::send_messages;
use super::sink::Sink;
use super::state;
use super::trouble::Trouble;
use crate::error::{Error, Result};
use crate::services::Services;

/// The last event that is not kept any more; 0 while all are.
pub(super) async fn forgotten_until(read: &mut Read) -> Result<i64> {
    // In this order: what is numbered in between is not forgotten.
    let head = event_leader::head(read).await?;
    Ok(event_log::first(read).await?.map_or(head, |first| first - 1))
}

/// Promises every account there is to a topic of states, or this one.
pub(super) async fn ask(
    services: &Services,
    tx: &mut Tx,
    sink: &str,
    user: Option<&User>,
    now: Timestamp,
) -> Result<()> {
    let (position, until) = match user {
        Some(user) => (user.number - 1, user.number),
        // Who comes later has events that are told.
        None => (0, users::last_number(tx).await?),
    };
    let id = EventId::new(now, services.entropy.bytes()).0;
    let user_id = user.map(|user| user.id);
    let replay = Replay { id, of: ReplayOf::Accounts, user_id, position, until };
    if position < until {
        event_replays::ask(tx, sink, &replay, now).await?;
    }
    Ok(())
}

/// A piece of them; answers how many numbers it came on. Whoever is purged is told nothing: the tombstone
/// comes with the event.
pub(super) async fn tell_some(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
    replay: &Replay,
    refused: Option<Refused>,
) -> Result<usize, Trouble> {
    let Replay { position, until, .. } = *replay;
    let mut read = services.store.read().await.map_err(Error::from)?;
    let limit = i64::try_from(sink.batch).unwrap_or(i64::MAX);
    // Versions first: what is read after them knows at least as much.
    let versions = users::event_versions(&mut read, position, until, limit).await;
    let versions = versions.map_err(Error::from)?;
    let accounts = users::list(&mut read, position, limit).await.map_err(Error::from)?;
    drop(read);
    let mut accounts = accounts.into_iter().peekable();
    let mut messages = Vec::with_capacity(versions.len());
    for (at, (id, _, version)) in versions.iter().enumerate() {
        // Who was purged in between is not among them.
        if let Some(user) = accounts.next_if(|user| user.id == *id) {
            messages.push((at, state::message(&user, *version)?));
        }
    }
    let places: Vec<i64> = versions.iter().map(|(_, number, _)| place(*number)).collect();
    let sent = send_messages(services, sink, refused, &places, messages).await?;
    let last = if sent.settled < versions.len() {
        versions[..sent.settled].last().map_or(position, |(_, number, _)| *number)
    } else if versions.len() < sink.batch {
        until
    } else {
        versions.last().map_or(until, |(_, number, _)| *number)
    };
    if last > position {
        let now = services.clock.now();
        let done_at = (last >= until).then_some(now);
        let told: Result<()> = transact!(services, |tx| {
            event_replays::advance(tx, epoch, replay, last, done_at).await?;
            // They count down.
            let (lowest, highest) = (place(last), place(position + 1));
            event_dead_letters::forget_between(tx, &sink.name, lowest - 1, highest).await?;
            for letter in &sent.dead {
                event_dead_letters::park(tx, letter).await?;
            }
        });
        told?;
    }
    match sent.trouble {
        Some(trouble) => Err(trouble),
        None => Ok(usize::try_from(last - position).unwrap_or(usize::MAX)),
    }
}

/// Under which an account that is refused is parked: it is none of an event.
pub(super) const fn place(number: i64) -> i64 {
    -number
}
