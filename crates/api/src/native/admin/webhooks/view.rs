//! A webhook as the native API shows it.

use domain::Timestamp;
use operations::webhooks::{Webhook, WebhookSecret};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(title = "Webhook")]
pub(super) struct WebhookView {
    id: Uuid,
    #[schema(example = "https://billing.example.org/events")]
    url: String,
    /// Which events are sent; none means all.
    #[schema(example = json!(["vestibule.user.deleted.v1"]))]
    types: Vec<String>,
    #[schema(format = DateTime)]
    created_at: String,
    /// Until when the secret before this one signs as well.
    #[schema(format = DateTime)]
    previous_secret_until: Option<String>,
    /// Since when nothing is sent; what happens meanwhile is sent afterwards.
    #[schema(format = DateTime)]
    paused_at: Option<String>,
    #[schema(example = "paused by hand")]
    paused_because: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Webhooks")]
pub(super) struct WebhooksView {
    pub(super) webhooks: Vec<WebhookView>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "WebhookSecret")]
pub(super) struct WebhookSecretView {
    #[serde(flatten)]
    webhook: WebhookView,
    /// What verifies the signatures of requests. Shown this once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: String,
}

impl From<&Webhook> for WebhookView {
    fn from(webhook: &Webhook) -> Self {
        let paused = webhook.paused.as_ref();
        Self {
            id: webhook.id,
            url: webhook.url.clone(),
            types: webhook.types.clone(),
            created_at: webhook.created_at.to_rfc3339(),
            previous_secret_until: webhook.previous_until.map(Timestamp::to_rfc3339),
            paused_at: paused.map(|(at, _)| at.to_rfc3339()),
            paused_because: paused.map(|(_, because)| because.clone()),
        }
    }
}

impl WebhookSecretView {
    pub(super) fn new(webhook: &Webhook, secret: &WebhookSecret) -> Self {
        Self { webhook: WebhookView::from(webhook), secret: secret.expose() }
    }
}
