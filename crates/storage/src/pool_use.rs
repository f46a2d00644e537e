//! How much of the connections is in use, and how long one waits for one: what runs out first when
//! the database is slow.

use sqlx::{Database, Pool};
use tokio::time::Instant;

use crate::measures;

/// SQLite reads and writes on connections of their own.
pub(crate) const READERS: &str = "readers";
pub(crate) const WRITER: &str = "writer";
/// Where one pool does both.
pub(crate) const MAIN: &str = "main";

/// One pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    pub pool: &'static str,
    pub used: u32,
    /// Open, and free to be taken.
    pub idle: u32,
    pub max: u32,
}

impl PoolUse {
    pub(crate) fn of<DB: Database>(name: &'static str, pool: &Pool<DB>) -> Self {
        let open = pool.size();
        // The two are read one after the other.
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX).min(open);
        Self { pool: name, used: open - idle, idle, max: pool.options().get_max_connections() }
    }
}

/// A rise from nothing is no rise to whoever watches: it begins at zero.
pub(crate) fn begin_counting(pool: &'static str) {
    metrics::counter!(measures::DATABASE_ACQUIRE_TIMEOUTS, "pool" => pool).increment(0);
}

/// How long it takes until there is a connection, or a transaction on one: also where whoever waits gives
/// up before, for those are the longest.
pub(crate) struct Wait {
    pool: &'static str,
    since: Instant,
}

impl Wait {
    pub(crate) fn begin(pool: &'static str) -> Self {
        Self { pool, since: Instant::now() }
    }

    // Not around the future: that of a transaction is large, and everybody's would hold it twice.
    pub(crate) fn end<T>(self, acquired: sqlx::Result<T>) -> sqlx::Result<T> {
        if matches!(acquired, Err(sqlx::Error::PoolTimedOut)) {
            metrics::counter!(measures::DATABASE_ACQUIRE_TIMEOUTS, "pool" => self.pool)
                .increment(1);
        }
        acquired
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        metrics::histogram!(measures::DATABASE_ACQUIRE_SECONDS, "pool" => self.pool)
            .record(self.since.elapsed());
    }
}
