//! Send nothing for a while, and go on where it ended.

use domain::Refusal;
use storage::webhook_endpoints;
use uuid::Uuid;

use super::endpoint::Webhook;
use super::stream::PREFIX;
use crate::context::Context;
use crate::error::Result;
use crate::service_accounts::{ensure_may_give, ensure_may_take};
use crate::services::Services;

/// Nothing is sent, and nothing forgotten. One that is paused already stays so.
pub async fn pause(services: &Services, ctx: &Context, id: Uuid) -> Result<Webhook> {
    let paused: Result<_> = transact!(services, |tx| {
        ensure_may_take(ctx, tx).await?;
        webhook_endpoints::pause(tx, id, "paused by hand", ctx.now).await?;
        ctx.names(&id.to_string());
        webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?
    });
    Webhook::of(paused?)
}

/// The same for one that wants nothing any more, by the name under which it is known how far it is.
pub(crate) async fn close(services: &Services, sink: &str, reason: &str) -> Result<()> {
    let Some(id) = sink.strip_prefix(PREFIX).and_then(|id| Uuid::parse_str(id).ok()) else {
        return Ok(());
    };
    let now = services.clock.now();
    let closed: Result<bool> =
        transact!(services, |tx| { webhook_endpoints::pause(tx, id, reason, now).await? });
    closed.map(drop)
}

/// What happened meanwhile is sent first.
pub async fn resume(services: &Services, ctx: &Context, id: Uuid) -> Result<Webhook> {
    let resumed: Result<_> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        webhook_endpoints::resume(tx, id).await?;
        ctx.names(&id.to_string());
        webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?
    });
    Webhook::of(resumed?)
}
