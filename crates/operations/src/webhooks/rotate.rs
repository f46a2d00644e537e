//! Exchange the secret that signs.

use std::time::Duration;

use domain::Refusal;
use storage::webhook_endpoints;
use uuid::Uuid;

use super::endpoint::Webhook;
use super::secret::WebhookSecret;
use crate::context::Context;
use crate::error::Result;
use crate::service_accounts::ensure_may_give;
use crate::services::Services;

/// How long both sign, so that nobody has to exchange it in one moment.
pub const OVERLAP: Duration = Duration::from_hours(24);

/// A new secret, which is shown this once. The one so far signs beside it for `overlap`, which is
/// nothing when it leaked.
pub async fn rotate(
    services: &Services,
    ctx: &Context,
    id: Uuid,
    overlap: Duration,
) -> Result<(Webhook, WebhookSecret)> {
    let secret = WebhookSecret::new(&*services.entropy);
    let sealed = secret.seal(&services.vault)?;
    let rotated: Result<_> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        if !webhook_endpoints::rotate(tx, id, &sealed, ctx.now + overlap).await? {
            return Err(Refusal::WebhookNotFound.into());
        }
        ctx.names(&id.to_string());
        webhook_endpoints::find(tx, id).await?.ok_or(Refusal::WebhookNotFound)?
    });
    let webhook = Webhook::of(rotated?)?;
    tracing::info!(webhook = %id, by = ctx.actor.as_str(), "webhook has a new secret");
    Ok((webhook, secret))
}
