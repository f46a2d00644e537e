//! Where events are sent.

use domain::Refusal;
use storage::webhook_endpoints;
use uuid::Uuid;

use super::endpoint::Webhook;
use crate::context::Context;
use crate::error::Result;
use crate::service_accounts::ensure_may_look;
use crate::services::Services;

/// In the order in which they were made.
pub async fn list(services: &Services, ctx: &Context) -> Result<Vec<Webhook>> {
    let read = &mut services.store.read().await?;
    ensure_may_look(ctx, read).await?;
    webhook_endpoints::list(read).await?.into_iter().map(Webhook::of).collect()
}

pub async fn find(services: &Services, ctx: &Context, id: Uuid) -> Result<Webhook> {
    let read = &mut services.store.read().await?;
    ensure_may_look(ctx, read).await?;
    Webhook::of(webhook_endpoints::find(read, id).await?.ok_or(Refusal::WebhookNotFound)?)
}
