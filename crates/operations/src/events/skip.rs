//! Let the others pass an event that a stream does not take.

use domain::{Permission, Refusal};
use storage::event_dead_letters::{self, DeadLetter};
use storage::event_log::{self, Logged};
use storage::{Tx, event_cursors};

use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::webhooks::types_of_sink;

/// Looked at together.
const PIECE: i64 = 1000;

/// The first event that it was not told of is parked: a replay tells it. Refused while it takes events.
pub async fn skip(services: &Services, ctx: &Context, sink: &str) -> Result<DeadLetter> {
    transact!(services, |tx| {
        authority::asking(ctx, tx, Permission::JobsManage).await?;
        ctx.names(sink);
        let cursor = event_cursors::find(tx, sink).await?.ok_or(Refusal::StreamNotFound)?;
        let failing = cursor.failing.ok_or(Refusal::StreamNotStuck)?;
        let next = next_wanted(tx, sink, cursor.position).await?;
        let next = next.ok_or(Refusal::StreamNotStuck)?;
        event_cursors::pass(tx, sink, cursor.position, next.position, ctx.now).await?;
        event_cursors::absolve(tx, sink).await?;
        let letter = DeadLetter {
            sink: sink.to_owned(),
            position: next.position,
            reason: format!("skipped by hand: {}", failing.reason),
            parked_at: ctx.now,
        };
        event_dead_letters::park(tx, &letter).await?;
        letter
    })
}

async fn next_wanted(tx: &mut Tx, sink: &str, mut position: i64) -> Result<Option<Logged>> {
    let types = types_of_sink(tx, sink).await?;
    loop {
        let piece = event_log::after(tx, position, i64::MAX, PIECE).await?;
        let Some(last) = piece.last() else { return Ok(None) };
        position = last.position;
        let is_wanted = |logged: &Logged| types.is_empty() || types.contains(&logged.name);
        if let Some(wanted) = piece.into_iter().find(is_wanted) {
            return Ok(Some(wanted));
        }
    }
}
