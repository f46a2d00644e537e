//! The `webhook_endpoints` table: where events are sent as signed requests.

use domain::Timestamp;
use uuid::Uuid;

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    INSERT = sql!(
        "INSERT INTO webhook_endpoints (id, url, types, secret, version, created_at) \
         VALUES ($1, $2, $3, $4, 1, $5)"
    );
    LIST = sql!(
        "SELECT id, url, types, secret, previous_secret, previous_until, version, created_at, \
         paused_at, paused_because FROM webhook_endpoints ORDER BY id"
    );
    FIND = sql!(
        "SELECT id, url, types, secret, previous_secret, previous_until, version, created_at, \
         paused_at, paused_because FROM webhook_endpoints WHERE id = $1"
    );
    CHANGE = sql!(
        "UPDATE webhook_endpoints SET url = $1, types = $2, version = version + 1 WHERE id = $3"
    );
    /// In this order: MySQL assigns from left to right and reads what it just wrote.
    ROTATE = sql!(
        "UPDATE webhook_endpoints SET previous_secret = secret, secret = $1, previous_until = $2, \
         version = version + 1 WHERE id = $3"
    );
    PAUSE = sql!(
        "UPDATE webhook_endpoints SET paused_at = $1, paused_because = $2, version = version + 1 \
         WHERE id = $3 AND paused_at IS NULL"
    );
    CLOSE = sql!(
        "UPDATE webhook_endpoints SET paused_at = $1, paused_because = $2, version = version + 1 \
         WHERE id = $3 AND version = $4 AND paused_at IS NULL"
    );
    RESUME = sql!(
        "UPDATE webhook_endpoints SET paused_at = NULL, paused_because = NULL, \
         version = version + 1 WHERE id = $1 AND paused_at IS NOT NULL"
    );
    REMOVE = sql!("DELETE FROM webhook_endpoints WHERE id = $1");
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEndpoint {
    pub id: Uuid,
    pub url: String,
    /// A JSON array of the types that are sent; an empty one means all.
    pub types: String,
    /// Sealed.
    pub secret: Vec<u8>,
    /// Sealed; signs beside the other one until then.
    pub previous: Option<(Vec<u8>, Timestamp)>,
    /// Grows with every change.
    pub version: i64,
    pub created_at: Timestamp,
    /// Since when and why nothing is sent.
    pub paused: Option<(Timestamp, String)>,
}

pub async fn insert(tx: &mut Tx, endpoint: &WebhookEndpoint) -> Result<()> {
    let WebhookEndpoint { id, url, types, secret, created_at, .. } = endpoint;
    execute!(tx, INSERT, *id, url, types, secret, created_at.as_micros())?;
    Ok(())
}

/// In the order in which they were made.
pub async fn list(read: &mut Read) -> Result<Vec<WebhookEndpoint>> {
    Ok(fetch_all!(read, LIST, Row)?.into_iter().map(WebhookEndpoint::from).collect())
}

pub async fn find(read: &mut Read, id: Uuid) -> Result<Option<WebhookEndpoint>> {
    Ok(fetch_optional!(read, FIND, Row, id)?.map(WebhookEndpoint::from))
}

/// False when there is none.
pub async fn change(tx: &mut Tx, id: Uuid, url: &str, types: &str) -> Result<bool> {
    Ok(execute!(tx, CHANGE, url, types, id)? == 1)
}

/// The secret so far signs beside the new one until then; the one before it no more.
pub async fn rotate(tx: &mut Tx, id: Uuid, secret: &[u8], until: Timestamp) -> Result<bool> {
    Ok(execute!(tx, ROTATE, secret, until.as_micros(), id)? == 1)
}

/// False when it is paused already, or there is none.
pub async fn pause(tx: &mut Tx, id: Uuid, reason: &str, now: Timestamp) -> Result<bool> {
    Ok(execute!(tx, PAUSE, now.as_micros(), reason, id)? == 1)
}

/// The same with the settings that it had then; false when it has others by now.
pub async fn close(
    tx: &mut Tx,
    id: Uuid,
    version: i64,
    reason: &str,
    now: Timestamp,
) -> Result<bool> {
    Ok(execute!(tx, CLOSE, now.as_micros(), reason, id, version)? == 1)
}

/// False when it is not paused, or there is none.
pub async fn resume(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(execute!(tx, RESUME, id)? == 1)
}

/// False when there is none.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(execute!(tx, REMOVE, id)? == 1)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    url: String,
    types: String,
    secret: Vec<u8>,
    previous_secret: Option<Vec<u8>>,
    previous_until: Option<i64>,
    version: i64,
    created_at: i64,
    paused_at: Option<i64>,
    paused_because: Option<String>,
}

impl From<Row> for WebhookEndpoint {
    fn from(row: Row) -> Self {
        let until = row.previous_until.map(Timestamp::from_micros);
        let paused_at = row.paused_at.map(Timestamp::from_micros);
        Self {
            id: row.id,
            url: row.url,
            types: row.types,
            secret: row.secret,
            previous: row.previous_secret.zip(until),
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
            paused: paused_at.map(|at| (at, row.paused_because.unwrap_or_default())),
        }
    }
}
