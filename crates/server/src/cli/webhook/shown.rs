//! A webhook as it is shown.

use domain::Timestamp;
use operations::webhooks::{Webhook, WebhookSecret};
use serde_json::{Value, json};

use crate::cli::outcome::Outcome;
use crate::cli::output::print;

pub(super) fn value(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id.to_string(),
        "url": webhook.url,
        "types": webhook.types,
        "created_at": webhook.created_at.to_rfc3339(),
        "previous_secret_until": webhook.previous_until.map(Timestamp::to_rfc3339),
        "paused_at": webhook.paused.as_ref().map(|(at, _)| at.to_rfc3339()),
        "paused_because": webhook.paused.as_ref().map(|(_, because)| because),
    })
}

/// This once.
pub(super) fn with_secret(webhook: &Webhook, secret: &WebhookSecret, json: bool) -> Outcome {
    if json {
        let mut value = value(webhook);
        value["secret"] = secret.expose().into();
        return print(&format!("{value}\n"));
    }
    print(&format!("id      {}\nsecret  {}\n", webhook.id, secret.expose()))?;
    eprintln!("the secret is shown this once; whoever gets the events verifies them by it");
    Ok(())
}
