//! One connection that all share, made when it is wanted and thrown away when it fails.
//!
//! Not the library's own manager: it reconnects in the background and lets callers wait for that.
//! Whoever asks here has an answer or an error within the patience.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSub};
use redis::{AsyncConnectionConfig, Client, FromRedisValue, TlsCertificates};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long an answer may take. Below the patience of whoever asks, so that a connection to nowhere is
/// noticed here and thrown away.
const PATIENCE: Duration = Duration::from_millis(80);
/// A handshake with TLS takes several ways there and back.
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);

pub struct RedisLink {
    client: Client,
    connection: Mutex<Option<Kept>>,
    serial: AtomicU64,
    prefix: String,
}

#[derive(Clone)]
struct Kept {
    connection: MultiplexedConnection,
    /// Whoever gives up a connection gives up this one, and not the one that followed it.
    serial: u64,
}

/// Never says more than what the server or the network said.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    #[error("Redis does not answer in time")]
    Silent,
    #[error(transparent)]
    Failed(#[from] redis::RedisError),
}

impl RedisLink {
    /// Connects to nothing yet. Every key begins with `prefix`.
    pub fn new(url: &str, prefix: impl Into<String>) -> Result<Self, RedisError> {
        let client = Client::open(url)?;
        Ok(Self {
            client,
            connection: Mutex::new(None),
            serial: AtomicU64::new(0),
            prefix: prefix.into(),
        })
    }

    /// Trusts the certificates in `pem` for TLS, and not those of the system.
    pub fn trusting(self, pem: &[u8]) -> Result<Self, RedisError> {
        let certificates = TlsCertificates { client_tls: None, root_cert: Some(pem.to_vec()) };
        let whereto = self.client.get_connection_info().clone();
        Ok(Self { client: Client::build_with_tls(whereto, certificates)?, ..self })
    }

    /// The name under which `key` is kept.
    pub fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// What is published on `channel` from now on, over a connection of its own.
    ///
    /// Who listens has time: it also makes the connection of those who have none, for whom a
    /// handshake over a long way would never end within their patience.
    pub async fn listen(&self, channel: &str) -> Result<PubSub, RedisError> {
        timeout(CONNECT_PATIENCE, self.connected()).await.map_err(|_| RedisError::Silent)??;
        let listening = async {
            let mut listener = self.client.get_async_pubsub().await?;
            listener.subscribe(channel).await?;
            Ok(listener)
        };
        timeout(CONNECT_PATIENCE, listening).await.map_err(|_| RedisError::Silent)?
    }

    /// Sends a command; one way there and back.
    pub async fn ask<T: FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, RedisError> {
        let Kept { mut connection, serial } =
            timeout(PATIENCE, self.connected()).await.map_err(|_| RedisError::Silent)??;
        match timeout(PATIENCE, command.query_async::<T>(&mut connection)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                if error.is_unrecoverable_error() || error.is_io_error() || error.is_timeout() {
                    self.give_up(serial).await;
                }
                Err(error.into())
            }
            Err(_) => {
                self.give_up(serial).await;
                Err(RedisError::Silent)
            }
        }
    }

    /// Whether the server answers, with the patience of a person.
    pub async fn ping(&self) -> Result<(), RedisError> {
        let mut connection = self.connect().await?;
        let command = redis::cmd("PING");
        match timeout(CONNECT_PATIENCE, command.query_async::<()>(&mut connection)).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(RedisError::Silent),
        }
    }

    async fn connected(&self) -> Result<Kept, RedisError> {
        let mut kept = self.connection.lock().await;
        if let Some(kept) = &*kept {
            return Ok(kept.clone());
        }
        let connection = self.connect().await?;
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let new = Kept { connection, serial };
        *kept = Some(new.clone());
        Ok(new)
    }

    async fn connect(&self) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_PATIENCE))
            .set_response_timeout(Some(CONNECT_PATIENCE));
        let connecting = self.client.get_multiplexed_async_connection_with_config(&config);
        Ok(connecting.await?)
    }

    async fn give_up(&self, serial: u64) {
        let mut kept = self.connection.lock().await;
        if kept.as_ref().is_some_and(|kept| kept.serial == serial) {
            *kept = None;
        }
    }
}
