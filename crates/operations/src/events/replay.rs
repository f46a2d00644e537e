//! Telling a part of the log once more: the same events under the same ids, beside what is new. A topic
//! of states is told of every account, also where its events are not kept any more.

use domain::{EventId, Permission, Refusal, Timestamp, UserId};
use storage::event_cursors::Refused;
use storage::event_dead_letters::{self, DeadLetter};
use storage::event_leader::{self, Epoch};
use storage::event_log::{self, Logged};
use storage::event_replays::{self, Replay, ReplayOf};
use storage::{Read, event_cursors, users};
use tokio::time::Instant;

use super::present;
use super::progress::LONGEST_UNMARKED;
use super::send::{Sent, send};
use super::sink::Sink;
use super::standing::{Standing, standings};
use super::trouble::Trouble;
use crate::authority;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::services::Services;

/// What is to be told once more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskReplay {
    /// To whom, by name; to everybody without it.
    pub sink: Option<String>,
    /// Events since then; without it all.
    pub since: Option<Timestamp>,
    /// Of this user only.
    pub user_id: Option<UserId>,
}

/// Promises it to every stream that was told of some of them; answers how many those are. Nobody is told
/// of what was before he began. Whoever leads carries it out.
pub async fn replay(services: &Services, ctx: &Context, asked: AskReplay) -> Result<usize> {
    transact!(services, |tx| {
        authority::asking(ctx, tx, Permission::JobsManage).await?;
        let user = match asked.user_id {
            Some(user_id) => Some(users::find(tx, user_id).await?.ok_or(Refusal::UserNotFound)?),
            None => None,
        };
        let head = event_leader::head(tx).await?;
        let first = match asked.since {
            Some(since) => event_log::first_since(tx, since).await?.unwrap_or(head + 1),
            None => 1,
        };
        if let Some(sink) = &asked.sink {
            ctx.names(sink);
        }
        let mut cursors = standings(tx, &services.topics()).await?;
        // Nobody carries anything to a topic that is not in the settings.
        cursors.retain(|(cursor, standing)| {
            *standing != Standing::Unset
                && asked.sink.as_ref().is_none_or(|sink| *sink == cursor.sink)
        });
        if asked.sink.is_some() && cursors.is_empty() {
            return Err(Refusal::StreamNotFound.into());
        }
        let forgets = asked.since.is_none() && present::forgotten_until(tx).await? > 0;
        let mut promised = 0;
        for (cursor, _) in cursors {
            // Whoever deletes it meanwhile leaves nothing behind.
            if !event_cursors::hold(tx, &cursor.sink).await? {
                continue;
            }
            let began_after = event_cursors::began_after(tx, &cursor.sink).await?;
            // What was not told yet is told in any case.
            let replay = Replay {
                id: EventId::new(ctx.now, services.entropy.bytes()).0,
                of: ReplayOf::Events,
                user_id: asked.user_id,
                position: began_after.max(first - 1),
                until: head.min(cursor.position),
            };
            let is_told = replay.position < replay.until;
            if is_told {
                event_replays::ask(tx, &cursor.sink, &replay, ctx.now).await?;
            }
            // The log does not tell of everybody any more.
            let is_filled = forgets && services.is_of_states(&cursor.sink);
            if is_filled {
                present::ask(services, tx, &cursor.sink, user.as_ref(), ctx.now).await?;
            }
            promised += usize::from(is_told || is_filled);
        }
        promised
    })
}

/// A piece of the oldest replay; answers how many events there were.
pub(super) async fn replay_some(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
    refused: Option<Refused>,
) -> Result<usize, Trouble> {
    let mut read = services.store.read().await.map_err(Error::from)?;
    let open = event_replays::open(&mut read, &sink.name).await.map_err(Error::from)?;
    let Some(replay) = open else { return Ok(0) };
    if replay.of == ReplayOf::Accounts {
        drop(read);
        return present::tell_some(services, epoch, sink, &replay, refused).await;
    }
    let Replay { user_id, position, until, .. } = replay;
    let limit = i64::try_from(sink.piece).unwrap_or(i64::MAX);
    let piece = some_after(&mut read, user_id, position, until, limit).await?;
    drop(read);
    let end = piece.last().map_or(until, |event| event.position);
    let wanted: Vec<Logged> = piece.into_iter().filter(|one| sink.wants(one)).collect();
    let sent = send_in_batches(services, sink, refused, &wanted).await?;
    let told = &wanted[..sent.settled];
    let told_last = told.last().map_or(position, |event| event.position);
    let last = if told.len() == wanted.len() { end } else { told_last };
    if last > position {
        told_again(services, epoch, sink, &replay, last, told, &sent.dead).await?;
    }
    match sent.trouble {
        Some(trouble) => Err(trouble),
        None => Ok(usize::try_from(last - position).unwrap_or(usize::MAX)),
    }
}

/// For a while: what was sent is to be marked soon.
async fn send_in_batches(
    services: &Services,
    sink: &Sink,
    refused: Option<Refused>,
    wanted: &[Logged],
) -> Result<Sent> {
    let began_at = Instant::now();
    let mut all = Sent { settled: 0, dead: Vec::new(), trouble: None };
    for batch in wanted.chunks(sink.batch) {
        let sent = send(services, sink, refused, batch).await?;
        all.settled += sent.settled;
        all.dead.extend(sent.dead);
        all.trouble = sent.trouble;
        let is_whole = all.trouble.is_none() && sent.settled == batch.len();
        if !is_whole || !all.dead.is_empty() || began_at.elapsed() >= LONGEST_UNMARKED {
            break;
        }
    }
    Ok(all)
}

/// All up to `last`; those of them that are wanted were sent or parked.
async fn told_again(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
    replay: &Replay,
    last: i64,
    told: &[Logged],
    dead: &[DeadLetter],
) -> Result<()> {
    let now = services.clock.now();
    let done_at = (last >= replay.until).then_some(now);
    transact!(services, |tx| {
        event_replays::advance(tx, epoch, replay, last, done_at).await?;
        if replay.user_id.is_none() {
            event_dead_letters::forget_between(tx, &sink.name, replay.position, last).await?;
        } else {
            for event in told {
                event_dead_letters::forget(tx, &sink.name, event.position).await?;
            }
        }
        for letter in dead {
            event_dead_letters::park(tx, letter).await?;
        }
    })
}

/// The next events up to `until`, of this user only where there is one.
pub(super) async fn some_after(
    read: &mut Read,
    user_id: Option<UserId>,
    last: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<Logged>> {
    Ok(match user_id {
        Some(user) => event_log::of_user_after(read, user, last, until, limit).await?,
        None => event_log::after(read, last, until, limit).await?,
    })
}
