//! Send no more events somewhere.

use domain::Refusal;
use storage::webhook_endpoints;
use uuid::Uuid;

use super::stream::sink_name;
use crate::audit::Values;
use crate::context::Context;
use crate::error::Result;
use crate::events::remove_stream;
use crate::service_accounts::ensure_may_take;
use crate::services::Services;

/// How far it was is forgotten, and what it refused.
pub async fn delete(services: &Services, ctx: &Context, id: Uuid) -> Result<()> {
    let deleted: Result<()> = transact!(services, |tx| {
        ensure_may_take(ctx, tx).await?;
        let before = webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?;
        webhook_endpoints::remove(tx, id).await?;
        remove_stream(tx, &sink_name(id)).await?;
        let values = Values::of_webhook(Some((&before.url, &before.types)), None);
        services.note_change(ctx, tx, &id.to_string(), &values).await?;
    });
    deleted?;
    tracing::info!(webhook = %id, by = ctx.actor.as_str(), "webhook deleted");
    Ok(())
}
