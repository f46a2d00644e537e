//! Send nothing for a while, and go on where it ended.

use domain::Refusal;
use storage::{event_cursors, webhook_endpoints};
use uuid::Uuid;

use super::endpoint::Webhook;
use super::stream::sink_name;
use crate::context::Context;
use crate::error::Result;
use crate::service_accounts::{ensure_may_give, ensure_may_take};
use crate::services::Services;

/// Why, as it is shown.
pub(crate) const BY_HAND: &str = "paused by hand";

/// Nothing is sent, and nothing forgotten. One that is paused already stays so.
pub async fn pause(services: &Services, ctx: &Context, id: Uuid) -> Result<Webhook> {
    let paused: Result<_> = transact!(services, |tx| {
        ensure_may_take(ctx, tx).await?;
        webhook_endpoints::pause(tx, id, BY_HAND, ctx.now).await?;
        ctx.names(&id.to_string());
        webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?
    });
    Webhook::of(paused?)
}

/// The same for one that takes nothing any more, unless somebody has changed it since it was asked.
pub(crate) async fn close(
    services: &Services,
    id: Uuid,
    version: i64,
    reason: &str,
) -> Result<bool> {
    let now = services.clock.now();
    let closed: Result<bool> =
        transact!(services, |tx| { webhook_endpoints::close(tx, id, version, reason, now).await? });
    if let Ok(true) = closed {
        tracing::warn!(webhook = %id, reason, "webhook paused: nothing is sent there any more");
    }
    closed
}

/// What happened meanwhile is sent first. What went wrong before counts no more.
pub async fn resume(services: &Services, ctx: &Context, id: Uuid) -> Result<Webhook> {
    let resumed: Result<_> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        if webhook_endpoints::resume(tx, id).await? {
            event_cursors::absolve(tx, &sink_name(id)).await?;
        }
        ctx.names(&id.to_string());
        webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?
    });
    Webhook::of(resumed?)
}
