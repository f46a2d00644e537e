//! Writing to the log, with where it came from.

use domain::{Event, EventId, UserId};
use storage::events::{self, NewEvent};
use storage::{Tx, audit_calls, audit_values};

use crate::audit::{Values, key_of};
use crate::context::Context;
use crate::error::{Fault, Result};
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
        self.push(ctx, tx, user_id, event).await.map(drop)
    }

    /// The same for a change of values, which the audit trail keeps and the event does not say.
    pub(crate) async fn record_change(
        &self,
        ctx: &Context,
        tx: &mut Tx,
        user_id: UserId,
        event: &Event,
        values: &Values,
    ) -> Result<()> {
        let id = self.push(ctx, tx, user_id, event).await?;
        if values.is_empty() {
            return Ok(());
        }
        // The event has locked the account's row: nobody makes another key meanwhile.
        let sealed = key_of(self, ctx, tx, user_id).await?.seal(id, values)?;
        Ok(audit_values::insert(tx, id, user_id, &sealed).await?)
    }

    /// Writes what changes beside the call that changes it, where it is no account of which events
    /// tell: a role, a service.
    pub(crate) async fn note_change(
        &self,
        ctx: &Context,
        tx: &mut Tx,
        subject: &str,
        values: &Values,
    ) -> Result<()> {
        ctx.names(subject);
        let Some(id) = ctx.call.as_ref().and_then(|call| call.id()) else { return Ok(()) };
        let changes = values.to_json().map_err(Fault::Encoding)?;
        Ok(audit_calls::note(tx, id, subject, &changes).await?)
    }

    async fn push(
        &self,
        ctx: &Context,
        tx: &mut Tx,
        user_id: UserId,
        event: &Event,
    ) -> Result<EventId> {
        let id = EventId::new(ctx.now, self.order.next(&*self.entropy));
        let new = NewEvent {
            id,
            user_id,
            event,
            actor: ctx.actor,
            surface: ctx.policy.surface,
            request_id: ctx.request_id.as_deref(),
            address: ctx.client.address.as_deref(),
            agent: ctx.client.agent.as_deref(),
            now: ctx.now,
        };
        events::push(tx, &new).await?;
        Ok(id)
    }
}
