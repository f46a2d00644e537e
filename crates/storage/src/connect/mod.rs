//! From a URL to pools, waiting for a server that is still starting.

mod pools;
mod url;

use std::time::{Duration, Instant};

use crate::drivers::Pools;
use crate::error::{Error, Result};
use crate::store::Store;
pub(crate) use pools::lift_statement_limit;
use url::Target;
pub use url::{DatabaseUrl, InvalidUrl};

/// How many connections, and how long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct ConnectOptions {
    pub max_connections: u32,
    /// Longest wait for a free connection.
    pub acquire_timeout: Duration,
    /// Longest run of one statement, where the server can be told.
    pub statement_timeout: Duration,
    /// Longest wait for a server that does not answer yet.
    pub wait_at_start: Duration,
}

impl Store {
    /// Connects, waiting visibly for a server that does not answer yet.
    pub async fn connect(url: &DatabaseUrl, options: &ConnectOptions) -> Result<Self> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            match Self::connect_once(url, options).await {
                // SQLite is busy when others create the file at the same moment.
                Err(error @ (Error::Unavailable { .. } | Error::Rival { .. }))
                    if started.elapsed() + pause < options.wait_at_start =>
                {
                    tracing::warn!(
                        backend = url.backend().as_str(),
                        reason = error.chain(),
                        waited_seconds = started.elapsed().as_secs(),
                        limit_seconds = options.wait_at_start.as_secs(),
                        "waiting for the database"
                    );
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
                outcome => return outcome,
            }
        }
    }

    async fn connect_once(url: &DatabaseUrl, options: &ConnectOptions) -> Result<Self> {
        let pools: Pools = match &url.0 {
            Target::Sqlite(target) => pools::sqlite(target.clone(), options).await?,
            Target::Postgres(target) => pools::postgres(target.clone(), options).await?,
            Target::MySql(target) => pools::mysql(target.clone(), options).await?,
        };
        Ok(Self::new(pools))
    }
}
