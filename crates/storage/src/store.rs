//! Reading and writing, named by intent.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use domain::UserId;
use tokio::time::Instant;

use crate::drivers::{Backend, Handle, Lease, Pools};
use crate::error::{Error, Result};
use crate::jobs::Lane;
use crate::pool_use::{self, MAIN, PoolUse, READERS, WRITER, Wait};
use crate::transact::WRITE_LIMIT;

/// The database: cheap to clone, shared by every operation.
#[derive(Clone)]
pub struct Store {
    pub(crate) pools: Pools,
    watcher: Option<Arc<dyn Watcher>>,
}

/// Hears of accounts in which something may have changed, and of work that may be due.
pub trait Watcher: Send + Sync {
    /// The transaction is over: committed, rolled back, or ended in a way that nobody knows.
    fn changed(&self, users: &[UserId]);

    /// The same, when any account may have changed.
    fn all_changed(&self);

    /// A job of this lane may be due.
    fn promised(&self, lane: Lane);
}

/// A connection that reads. Each statement sees the newest committed state.
pub struct Read(Handle);

/// A write transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    read: Read,
    began_at: Instant,
    // Dropped after the transaction, and then tells.
    touched: Touched,
}

/// The accounts that a transaction wrote events about, and the lanes to which it promised work.
struct Touched {
    users: Vec<UserId>,
    /// Whoever they are.
    all: bool,
    promised: Vec<Lane>,
    watcher: Option<Arc<dyn Watcher>>,
}

impl Store {
    pub(crate) fn new(pools: Pools) -> Self {
        let store = Self { pools, watcher: None };
        for pool in store.pool_use() {
            pool_use::begin_counting(pool.pool);
        }
        store
    }

    /// This store, with somebody who hears of every account that its transactions touch before
    /// whoever waits for them goes on.
    #[must_use]
    pub fn watched_by(self, watcher: Arc<dyn Watcher>) -> Self {
        Self { watcher: Some(watcher), ..self }
    }

    pub async fn read(&self) -> Result<Read> {
        Ok(Read(match &self.pools {
            Pools::Sqlite { readers, .. } => {
                let wait = Wait::begin(READERS);
                Handle::Sqlite(Lease::Plain(wait.end(readers.acquire().await)?))
            }
            Pools::Postgres(pool) => {
                let wait = Wait::begin(MAIN);
                Handle::Postgres(Lease::Plain(wait.end(pool.acquire().await)?))
            }
            Pools::MySql(pool) => {
                let wait = Wait::begin(MAIN);
                Handle::MySql(Lease::Plain(wait.end(pool.acquire().await)?))
            }
        }))
    }

    /// Prefer [`transact!`](crate::transact): it commits, bounds and retries.
    pub async fn write(&self) -> Result<Tx> {
        let handle = match &self.pools {
            // A deferred transaction that reads before it writes fails with BUSY under load.
            Pools::Sqlite { writer, .. } => {
                let wait = Wait::begin(WRITER);
                let begun = writer.begin_with("BEGIN IMMEDIATE").await;
                Handle::Sqlite(Lease::Transaction(wait.end(begun)?))
            }
            Pools::Postgres(pool) => {
                let wait = Wait::begin(MAIN);
                Handle::Postgres(Lease::Transaction(wait.end(pool.begin().await)?))
            }
            Pools::MySql(pool) => {
                let wait = Wait::begin(MAIN);
                Handle::MySql(Lease::Transaction(wait.end(pool.begin().await)?))
            }
        };
        let touched = Touched {
            users: Vec::new(),
            all: false,
            promised: Vec::new(),
            watcher: self.watcher.clone(),
        };
        Ok(Tx { read: Read(handle), began_at: Instant::now(), touched })
    }

    pub fn backend(&self) -> Backend {
        match &self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres(_) => Backend::Postgres,
            Pools::MySql(_) => Backend::MySql,
        }
    }

    /// How much of the connections is in use at this moment. Asks nobody.
    pub fn pool_use(&self) -> Vec<PoolUse> {
        match &self.pools {
            Pools::Sqlite { readers, writer } => {
                vec![PoolUse::of(READERS, readers), PoolUse::of(WRITER, writer)]
            }
            Pools::Postgres(pool) => vec![PoolUse::of(MAIN, pool)],
            Pools::MySql(pool) => vec![PoolUse::of(MAIN, pool)],
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        const PING: crate::sql::Sql = sql!("SELECT CAST(1 AS CHAR(1))");
        fetch_one!(&mut self.read().await?, PING, (String,)).map(|_| ())
    }

    /// Closes every connection; waiting statements end first.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
            Pools::MySql(pool) => pool.close().await,
        }
    }
}

impl Read {
    pub(crate) fn handle(&mut self) -> &mut Handle {
        &mut self.0
    }
}

impl Tx {
    /// Makes it durable; only then may anyone be told.
    ///
    /// A process that was paused in the middle does not commit what readers of the log would look
    /// for too late.
    pub async fn commit(self) -> Result<()> {
        if self.began_at.elapsed() >= WRITE_LIMIT {
            return Err(Error::Unavailable { source: None });
        }
        match self.read.0 {
            Handle::Sqlite(lease) => lease.commit().await?,
            Handle::Postgres(lease) => lease.commit().await?,
            Handle::MySql(lease) => lease.commit().await?,
        }
        Ok(())
    }

    pub(crate) fn touch(&mut self, user: UserId) {
        if !self.touched.users.contains(&user) {
            self.touched.users.push(user);
        }
    }

    pub(crate) fn touch_all(&mut self) {
        self.touched.all = true;
    }

    /// Workers are woken as often as there is something to do.
    pub(crate) fn promise(&mut self, lane: Lane) {
        self.touched.promised.push(lane);
    }

    /// Of whatever lane.
    pub(crate) fn promise_any(&mut self) {
        self.touched.promised.extend(Lane::ALL);
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        let Some(watcher) = &self.watcher else { return };
        if self.all {
            watcher.all_changed();
        }
        if !self.users.is_empty() {
            watcher.changed(&self.users);
        }
        for lane in &self.promised {
            watcher.promised(*lane);
        }
    }
}

impl Deref for Tx {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}
