//! Sending, as the Standard Webhooks specification has it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use operations::ports::{WebhookClient, WebhookError, WebhookProblem, WebhookRequest};
use reqwest::Url;
use url::Host;

use super::networks::Networks;
use super::resolver::Resolver;
use crate::https::{Client, ClientError, Trouble, ask, name, secrets_of};
use crate::reason::first_line;
use crate::signature::{key_of_bytes, signatures};

pub struct EventWebhooks {
    client: Client,
    settings: WebhookSettings,
}

pub struct WebhookSettings {
    pub timeout: Duration,
    /// In PEM, trusted beside whom the system trusts.
    pub authorities: Option<Vec<u8>>,
    pub networks: Arc<Networks>,
}

impl EventWebhooks {
    pub fn new(settings: WebhookSettings) -> Result<Self, ClientError> {
        let resolver = Resolver(Arc::clone(&settings.networks));
        let authorities = settings.authorities.as_deref();
        let client = Client::resolving(settings.timeout, authorities, Arc::new(resolver))?;
        Ok(Self { client, settings })
    }

    fn admit(&self, url: &str) -> Result<Url, WebhookProblem> {
        let url = Url::parse(url).map_err(|_| WebhookProblem::NotAUrl)?;
        let address = match url.host() {
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            None => return Err(WebhookProblem::NotAUrl),
        };
        let has_user = !url.username().is_empty() || url.password().is_some();
        if has_user || url.fragment().is_some() {
            return Err(WebhookProblem::Superfluous);
        }
        let networks = &self.settings.networks;
        if address.is_some_and(|address| !networks.admit(address)) {
            return Err(WebhookProblem::Private);
        }
        match url.scheme() {
            "https" => Ok(url),
            // Whoever allows an address by its number knows the way to it.
            "http" if address.is_some_and(|address| networks.allows(address)) => Ok(url),
            "http" => Err(WebhookProblem::Plain),
            _ => Err(WebhookProblem::NotAUrl),
        }
    }
}

#[async_trait]
impl WebhookClient for EventWebhooks {
    fn check(&self, url: &str) -> Result<String, WebhookProblem> {
        self.admit(url).map(String::from)
    }

    async fn send(&self, request: &WebhookRequest) -> Result<(), WebhookError> {
        let WebhookRequest { url, id, content_type, body, secrets, now } = request;
        let url = self.admit(url).map_err(|problem| {
            WebhookError::Unreachable(format!("the address {}", problem.as_str()))
        })?;
        let keys: Vec<_> = secrets.iter().map(|secret| key_of_bytes(secret)).collect();
        let timestamp = now.as_seconds();
        let (name, hidden) = (name(&url), secrets_of(&url));
        let asked = self
            .client
            .post(url)
            .header("content-type", content_type)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures(&keys, id, timestamp, body))
            .body(body.clone());
        let answer = ask(&name, asked).await.map_err(|trouble| match trouble {
            Trouble::Unreachable(why) => WebhookError::Unreachable(why),
            Trouble::Refused(why) | Trouble::Unavailable(why) => WebhookError::Unavailable(why),
        })?;
        let status = answer.status.as_u16();
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let reason = || format!("{name} answered {status}: {}", first_line(&answer.body, &hidden));
        match status {
            200..=299 => Ok(()),
            410 => Err(WebhookError::Gone(reason())),
            // Where we or the address are meant, not the event.
            401 | 403 | 404 | 405 | 407 | 408 | 425 | 429 => {
                Err(WebhookError::Unavailable(reason()))
            }
            400..=499 => Err(WebhookError::Refused(reason())),
            _ => Err(WebhookError::Unavailable(reason())),
        }
    }
}
