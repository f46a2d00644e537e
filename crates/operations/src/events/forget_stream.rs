//! Forget a stream that nobody is told of any more.

use domain::{Permission, Refusal};
use storage::{Tx, event_cursors, event_dead_letters, event_replays};

use super::standing::{Standing, standings};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// How far it was, what it refused and what it was to be told again. A topic of the settings and a
/// webhook are in use.
pub async fn forget_stream(services: &Services, ctx: &Context, sink: &str) -> Result<()> {
    transact!(services, |tx| {
        authority::asking(ctx, tx, Permission::JobsManage).await?;
        ctx.names(sink);
        let standings = standings(tx, &services.topics()).await?;
        let standing = standings.into_iter().find(|(cursor, _)| cursor.sink == sink);
        let (_, standing) = standing.ok_or(Refusal::StreamNotFound)?;
        if standing != Standing::Unset {
            return Err(Refusal::StreamInUse.into());
        }
        remove_stream(tx, sink).await?;
    })
}

/// Nothing of it is left behind: whoever adds to it holds its cursor, or its replay. In this order, so
/// that nobody parks an event of a replay that is gone.
pub(crate) async fn remove_stream(tx: &mut Tx, sink: &str) -> Result<(), storage::Error> {
    event_cursors::remove(tx, sink).await?;
    event_replays::forget_all(tx, sink).await?;
    event_dead_letters::forget_all(tx, sink).await
}
