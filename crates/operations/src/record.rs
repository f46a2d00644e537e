//! Writing to the log, with where it came from.

use domain::{Event, EventId, UserId};
use storage::Tx;
use storage::events::{self, NewEvent};

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

impl Services {
    /// Adds `event` to the transaction that it tells about.
    pub(crate) async fn record(
        &self,
        ctx: &Context,
        tx: &mut Tx,
        user_id: UserId,
        event: &Event,
    ) -> Result<()> {
        let new = NewEvent {
            id: EventId::new(ctx.now, self.entropy.bytes()),
            user_id,
            event,
            actor: ctx.actor,
            surface: ctx.policy.surface,
            request_id: ctx.request_id.as_deref(),
            address: ctx.client.address.as_deref(),
            agent: ctx.client.agent.as_deref(),
            now: ctx.now,
        };
        Ok(events::push(tx, &new).await?)
    }
}
