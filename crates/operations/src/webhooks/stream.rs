//! An address as a stream that is told of events: one at a time, in order.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use storage::webhook_endpoints::{self, WebhookEndpoint};
use uuid::Uuid;

use super::endpoint::types_of;
use super::secret;
use crate::error::Result;
use crate::events::{Contents, Sink};
use crate::ports::{
    Clock, EventStream, StreamError, StreamMessage, WebhookClient, WebhookError, WebhookRequest,
};
use crate::services::Services;

/// What an address refuses so often is parked: it is the event, not the address.
const ATTEMPTS: u32 = 8;
/// So much later than an address is back, events flow again.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// An address that is not paused.
pub(crate) struct Endpoint {
    pub(crate) id: Uuid,
    /// Another one has other settings.
    pub(crate) version: i64,
    pub(crate) sink: Sink,
}

pub(super) const PREFIX: &str = "webhook-";

/// How far it is, is known under this name.
pub(super) fn sink_name(id: Uuid) -> String {
    format!("{PREFIX}{id}")
}

/// Every address that is not paused.
pub(crate) async fn endpoints(services: &Services) -> Result<Vec<Endpoint>> {
    let rows = webhook_endpoints::list(&mut services.store.read().await?).await?;
    let active = rows.into_iter().filter(|row| row.paused.is_none());
    // One that cannot be opened keeps the others from nothing.
    let opened = active.filter_map(|row| {
        let id = row.id;
        endpoint(services, row)
            .inspect_err(|error| {
                tracing::warn!(webhook = %id, reason = error.chain(), "events are not sent there");
            })
            .ok()
    });
    Ok(opened.collect())
}

fn endpoint(services: &Services, row: WebhookEndpoint) -> Result<Endpoint> {
    let previous = match &row.previous {
        Some((sealed, until)) => Some((secret::open(&services.vault, sealed)?, *until)),
        None => None,
    };
    let types: HashSet<String> = types_of(&row.types)?.into_iter().collect();
    let stream = EndpointStream {
        client: Arc::clone(&services.webhooks),
        clock: Arc::clone(&services.clock),
        url: row.url,
        secret: secret::open(&services.vault, &row.secret)?,
        previous,
        refused: Mutex::default(),
    };
    let sink = Sink {
        name: sink_name(row.id).into(),
        contents: Contents::StructuredEvents,
        types: (!types.is_empty()).then_some(types),
        begins: false,
        batch: 1,
        longest_pause: LONGEST_PAUSE,
        stream: Arc::new(stream),
    };
    Ok(Endpoint { id: row.id, version: row.version, sink })
}

struct EndpointStream {
    client: Arc<dyn WebhookClient>,
    clock: Arc<dyn Clock>,
    url: String,
    secret: Vec<u8>,
    /// Signs as well until then.
    previous: Option<(Vec<u8>, Timestamp)>,
    /// Which event was refused last, and how often.
    refused: Mutex<(String, u32)>,
}

impl EndpointStream {
    fn secrets(&self, now: Timestamp) -> Vec<Vec<u8>> {
        let previous = self.previous.iter().filter(|(_, until)| now < *until);
        std::iter::once(&self.secret).chain(previous.map(|(secret, _)| secret)).cloned().collect()
    }

    fn count_refusal(&self, id: &str) -> u32 {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.0 != id {
            *refused = (id.to_owned(), 0);
        }
        refused.1 += 1;
        refused.1
    }
}

#[async_trait]
impl EventStream for EndpointStream {
    /// Nothing keeps an earlier writer from sending: who gets an event twice knows it by its id.
    async fn claim(&self) -> Result<(), StreamError> {
        Ok(())
    }

    async fn publish(&self, messages: &[StreamMessage]) -> Result<(), StreamError> {
        for (at, message) in messages.iter().enumerate() {
            let now = self.clock.now();
            let kind = message.headers.iter().find(|(name, _)| *name == "content-type");
            let request = WebhookRequest {
                url: self.url.clone(),
                id: message.id.clone(),
                content_type: kind.map(|(_, kind)| kind.clone()).unwrap_or_default(),
                body: message.body.clone().unwrap_or_default(),
                secrets: self.secrets(now),
                now,
            };
            self.client.send(&request).await.map_err(|error| match error {
                WebhookError::Gone(reason) => StreamError::Closed(reason),
                WebhookError::Refused(reason) if self.count_refusal(&message.id) >= ATTEMPTS => {
                    StreamError::Refused { at, reason }
                }
                WebhookError::Refused(reason) | WebhookError::Unavailable(reason) => {
                    StreamError::Unavailable(reason)
                }
            })?;
        }
        Ok(())
    }
}
