//! Connections that stay open between mails, and never more of them than the operator allows.
//!
//! The library's own pool bounds only those that rest, and takes back one whose mail was broken off:
//! the answer to that mail is then read as the answer to the next.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use operations::ports::MailError;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use super::connection::{Connection, Server};

/// Servers hang up on whoever is silent for minutes.
const LONGEST_REST: Duration = Duration::from_mins(1);
/// What still listens answers at once.
const PROBE: Duration = Duration::from_secs(3);

pub(super) struct Pool {
    server: Server,
    /// How long it may take to open one.
    patience: Duration,
    places: Semaphore,
    resting: Mutex<Vec<(Connection, Instant)>>,
}

/// A connection in use. Dropped, it is closed: only who knows that it is sound gives it back.
pub(super) struct Lent<'a> {
    pub(super) connection: Connection,
    pool: &'a Pool,
    _place: SemaphorePermit<'a>,
}

impl Pool {
    pub(super) fn new(server: Server, most: usize, patience: Duration) -> Self {
        Self { server, patience, places: Semaphore::new(most), resting: Mutex::default() }
    }

    /// One that rested and still listens, or a new one.
    pub(super) async fn lend(&self) -> Result<Lent<'_>, MailError> {
        let closed = |_| MailError::Unreachable("the connections are closed".to_owned());
        let place = self.places.acquire().await.map_err(closed)?;
        let connection = match self.rested().await {
            Some(connection) => connection,
            None => self.open().await?,
        };
        Ok(Lent { connection, pool: self, _place: place })
    }

    async fn open(&self) -> Result<Connection, MailError> {
        timeout(self.patience, self.server.open()).await.unwrap_or_else(|_| {
            let name = self.server.target.name();
            Err(MailError::Unreachable(format!("{name} is silent or too slow")))
        })
    }

    /// When one has gone, so have most likely all that rested: none of them is waited for.
    async fn rested(&self) -> Option<Connection> {
        let (mut connection, since) = self.resting().pop()?;
        if since.elapsed() < LONGEST_REST
            && timeout(PROBE, connection.is_alive()).await.unwrap_or(false)
        {
            return Some(connection);
        }
        self.resting().clear();
        None
    }

    fn resting(&self) -> std::sync::MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    /// To be called when every command was answered.
    pub(super) fn give_back(self) {
        self.pool.resting().push((self.connection, Instant::now()));
    }
}
