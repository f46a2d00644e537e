//! An address as a stream that is told of events: one at a time, in order.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use storage::Read;
use storage::webhook_endpoints::{self, WebhookEndpoint};
use uuid::Uuid;

use super::endpoint::types_of;
use super::secret;
use crate::error::Result;
use crate::events::{Contents, Sink, SinkKind};
use crate::ports::{
    Clock, EventStream, StreamError, StreamMessage, WebhookClient, WebhookError, WebhookRequest,
};
use crate::services::Services;

/// So much later than an address is back, events flow again.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// Read together: a slow address holds no more in memory.
const PIECE: usize = 100;

/// An address that is not paused.
pub(crate) struct Endpoint {
    pub(crate) id: Uuid,
    /// Another one has other settings.
    pub(crate) version: i64,
    pub(crate) sink: Sink,
}

/// How far it is, is known under this name.
pub(crate) fn sink_name(id: Uuid) -> String {
    format!("webhook-{id}")
}

/// Which events a stream is told of; none means all, as topics are.
pub(crate) async fn types_of_sink(read: &mut Read, sink: &str) -> Result<Vec<String>> {
    let webhooks = webhook_endpoints::list(read).await?;
    let webhook = webhooks.into_iter().find(|webhook| sink_name(webhook.id) == sink);
    webhook.map_or_else(|| Ok(Vec::new()), |webhook| types_of(&webhook.types))
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
    };
    let sink = Sink {
        name: sink_name(row.id).into(),
        contents: Contents::StructuredEvents,
        types: (!types.is_empty()).then_some(types),
        kind: SinkKind::Webhook { id: row.id, version: row.version },
        batch: 1,
        piece: PIECE,
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
}

impl EndpointStream {
    fn secrets(&self, now: Timestamp) -> Vec<Vec<u8>> {
        let previous = self.previous.iter().filter(|(_, until)| now < *until);
        std::iter::once(&self.secret).chain(previous.map(|(secret, _)| secret)).cloned().collect()
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
                WebhookError::Refused(reason) => StreamError::Refused { at, reason },
                WebhookError::Unreachable(reason) => StreamError::Unreachable(reason),
                WebhookError::Unavailable(reason) => StreamError::Unavailable(reason),
            })?;
        }
        Ok(())
    }
}
