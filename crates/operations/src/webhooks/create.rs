//! Have events sent somewhere.

use storage::webhook_endpoints::WebhookEndpoint;
use storage::{event_cursors, event_leader, webhook_endpoints};
use uuid::Uuid;

use super::endpoint::{Webhook, admit};
use super::secret::WebhookSecret;
use super::stream::sink_name;
use crate::audit::Values;
use crate::context::Context;
use crate::error::Result;
use crate::service_accounts::ensure_may_give;
use crate::services::Services;

#[derive(Clone, Debug, Default)]
pub struct NewWebhook {
    pub url: String,
    /// Types of events; none means all.
    pub types: Vec<String>,
}

/// The address and the secret that signs, which is shown this once. Events from now on are sent.
pub async fn create(
    services: &Services,
    ctx: &Context,
    request: &NewWebhook,
) -> Result<(Webhook, WebhookSecret)> {
    let secret = WebhookSecret::new(&*services.entropy);
    let id = domain::EventId::new(ctx.now, services.entropy.bytes()).0;
    let sealed = secret.seal(&services.vault)?;
    let made: Result<WebhookEndpoint> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        let (url, types) = admit(services, Some(&request.url), &request.types)?;
        let url = url.unwrap_or_default();
        let endpoint = new(id, url, types, sealed.clone(), ctx);
        webhook_endpoints::insert(tx, &endpoint).await?;
        let head = event_leader::head(tx).await?;
        event_cursors::insert(tx, &sink_name(id), head, ctx.now).await?;
        let values = Values::of_webhook(None, Some((&endpoint.url, &endpoint.types)));
        services.note_change(ctx, tx, &id.to_string(), &values).await?;
        endpoint
    });
    let webhook = Webhook::of(made?)?;
    tracing::info!(webhook = %id, by = ctx.actor.as_str(), "webhook made");
    Ok((webhook, secret))
}

fn new(id: Uuid, url: String, types: String, secret: Vec<u8>, ctx: &Context) -> WebhookEndpoint {
    WebhookEndpoint {
        id,
        url,
        types,
        secret,
        previous: None,
        version: 1,
        created_at: ctx.now,
        paused: None,
    }
}
