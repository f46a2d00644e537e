//! Let the others pass an event that a stream does not take.

use domain::{Permission, Refusal, Timestamp, UserId};
use storage::event_dead_letters::{self, DeadLetter};
use storage::event_replays::{self, ReplayOf};
use storage::{Tx, event_cursors, users};

use super::present;
use super::replay::some_after;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::webhooks::types_of_sink;

/// Looked at together.
const PIECE: i64 = 1000;

/// The event at which it stands is parked: a replay tells it. Refused while it takes events, and while nobody
/// answers, which no event is the reason of. What is told once more comes after what is new, so a replay may
/// stand while new events wait that nobody tried yet.
pub async fn skip(services: &Services, ctx: &Context, sink: &str) -> Result<DeadLetter> {
    transact!(services, |tx| {
        authority::asking(ctx, tx, Permission::JobsManage).await?;
        ctx.names(sink);
        let cursor = event_cursors::find(tx, sink).await?.ok_or(Refusal::StreamNotFound)?;
        let failing = cursor.failing.ok_or(Refusal::StreamNotStuck)?;
        let at = cursor.refused.ok_or(Refusal::StreamNotStuck)?;
        event_cursors::absolve(tx, sink).await?;
        let last = cursor.position;
        let position = if at.position <= last {
            pass_in_replay(tx, sink, ctx.now).await?
        } else {
            let next = next_wanted(tx, sink, None, last, i64::MAX).await?;
            let next = next.ok_or(Refusal::StreamNotStuck)?;
            event_cursors::pass(tx, sink, last, next, ctx.now).await?;
            next
        };
        let letter = DeadLetter {
            sink: sink.to_owned(),
            position,
            reason: format!("skipped by hand: {}", failing.reason),
            parked_at: ctx.now,
        };
        event_dead_letters::park(tx, &letter).await?;
        letter
    })
}

/// In the replay that is carried out; it is over with its last event.
async fn pass_in_replay(tx: &mut Tx, sink: &str, now: Timestamp) -> Result<i64> {
    let replay = event_replays::open(tx, sink).await?.ok_or(Refusal::StreamNotStuck)?;
    if replay.of == ReplayOf::Accounts {
        let next = users::event_versions(tx, replay.position, replay.until, 1).await?;
        let (_, next, _) = *next.first().ok_or(Refusal::StreamNotStuck)?;
        event_replays::pass(tx, &replay, next, (next >= replay.until).then_some(now)).await?;
        return Ok(present::place(next));
    }
    let next = next_wanted(tx, sink, replay.user_id, replay.position, replay.until).await?;
    let next = next.ok_or(Refusal::StreamNotStuck)?;
    event_replays::pass(tx, &replay, next, (next >= replay.until).then_some(now)).await?;
    Ok(next)
}

async fn next_wanted(
    tx: &mut Tx,
    sink: &str,
    user_id: Option<UserId>,
    mut last: i64,
    until: i64,
) -> Result<Option<i64>> {
    let types = types_of_sink(tx, sink).await?;
    loop {
        let piece = some_after(tx, user_id, last, until, PIECE).await?;
        let Some(end) = piece.last() else { return Ok(None) };
        last = end.position;
        let mut wanted = piece.iter().filter(|one| types.is_empty() || types.contains(&one.name));
        if let Some(wanted) = wanted.next() {
            return Ok(Some(wanted.position));
        }
    }
}
