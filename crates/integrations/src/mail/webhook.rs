//! Mail as a signed request to another service, as the Standard Webhooks specification has it.

use std::str::FromStr;

use async_trait::async_trait;
use aws_lc_rs::hmac;
use data_encoding::BASE64;
use operations::ports::{MailError, Mailer, OutgoingMail};
use reqwest::Url;
use serde_json::json;

use crate::https::{Client, ask, judge, name, secrets_of};
use crate::signature::{key_of_bytes, signatures};

const PREFIX: &str = "whsec_";
/// Bytes, by the specification.
const FEWEST: usize = 24;

pub struct WebhookMailer {
    client: Client,
    url: Url,
    secrets: WebhookSecrets,
    from: String,
}

/// With more than one, the receiver may go from one to the next: each signs.
#[derive(Clone)]
pub struct WebhookSecrets(Vec<hmac::Key>);

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(&'static str);

impl FromStr for WebhookSecrets {
    type Err = SecretError;

    /// `whsec_…`, or several of them with spaces between.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        let keys: Vec<_> = text.split_whitespace().map(key).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(SecretError("is empty")) } else { Ok(Self(keys)) }
    }
}

fn key(text: &str) -> Result<hmac::Key, SecretError> {
    let encoded = text.strip_prefix(PREFIX).ok_or(SecretError("must begin with whsec_"))?;
    let bytes = BASE64.decode(encoded.as_bytes());
    let bytes = bytes.map_err(|_| SecretError("must be base64 after whsec_"))?;
    if bytes.len() < FEWEST {
        return Err(SecretError("must hold at least 24 bytes"));
    }
    Ok(key_of_bytes(&bytes))
}

impl WebhookMailer {
    /// `from` is only told: the other service decides what it sends as.
    pub fn new(client: Client, url: Url, secrets: WebhookSecrets, from: String) -> Self {
        Self { client, url, secrets, from }
    }
}

#[async_trait]
impl Mailer for WebhookMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let OutgoingMail { id, message, locale, to, subject, text, html, now } = mail;
        let body = json!({
            "id": id,
            "type": "mail",
            "message": message,
            "locale": locale,
            "from": self.from,
            "to": to,
            "subject": subject,
            "text": text,
            "html": html,
        });
        let body = body.to_string();
        let timestamp = now.as_seconds();
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            // The same at every attempt: who has it knows the mail again.
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header(
                "webhook-signature",
                signatures(&self.secrets.0, id, timestamp, body.as_bytes()),
            )
            .body(body);
        let name = name(&self.url);
        let answer = ask(&name, request).await?;
        let secrets = secrets_of(&self.url);
        let mut hidden: Vec<&str> = secrets.iter().map(String::as_str).collect();
        hidden.extend([to.as_str(), text.as_str()]);
        Ok(judge(&name, &answer, &hidden)?)
    }

    async fn check(&self) -> Result<String, MailError> {
        Ok(self.client.check(&self.url).await?)
    }
}
