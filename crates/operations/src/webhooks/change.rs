//! Send events elsewhere, or other ones.

use domain::Refusal;
use storage::{event_cursors, webhook_endpoints};
use uuid::Uuid;

use super::endpoint::{Webhook, admit, types_of};
use super::stream::sink_name;
use crate::audit::Values;
use crate::context::Context;
use crate::error::Result;
use crate::service_accounts::ensure_may_give;
use crate::services::Services;

/// What is none stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeWebhook {
    pub url: Option<String>,
    pub types: Option<Vec<String>>,
}

/// From the next event on. What went wrong at another address counts no more.
pub async fn change(
    services: &Services,
    ctx: &Context,
    id: Uuid,
    request: &ChangeWebhook,
) -> Result<Webhook> {
    let changed: Result<_> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        let before = webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?;
        let types = match &request.types {
            Some(types) => types.clone(),
            None => types_of(&before.types)?,
        };
        // An address that was admitted is not judged again by whoever changes something else.
        let (url, types) = admit(services, request.url.as_deref(), &types)?;
        let url = url.unwrap_or_else(|| before.url.clone());
        webhook_endpoints::change(tx, id, &url, &types).await?;
        if url != before.url {
            event_cursors::absolve(tx, &sink_name(id)).await?;
        }
        let values = Values::of_webhook(Some((&before.url, &before.types)), Some((&url, &types)));
        services.note_change(ctx, tx, &id.to_string(), &values).await?;
        webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?
    });
    Webhook::of(changed?)
}
