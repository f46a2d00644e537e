//! Reading and writing, named by intent.

use std::ops::{Deref, DerefMut};

use crate::drivers::{Backend, Handle, Lease, Pools};
use crate::error::Result;

/// The database: cheap to clone, shared by every operation.
#[derive(Clone)]
pub struct Store {
    pub(crate) pools: Pools,
}

/// A connection that reads. Each statement sees the newest committed state.
pub struct Read(Handle);

/// A write transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx(Read);

impl Store {
    pub async fn read(&self) -> Result<Read> {
        Ok(Read(match &self.pools {
            Pools::Sqlite { readers, .. } => Handle::Sqlite(Lease::Plain(readers.acquire().await?)),
            Pools::Postgres(pool) => Handle::Postgres(Lease::Plain(pool.acquire().await?)),
            Pools::MySql(pool) => Handle::MySql(Lease::Plain(pool.acquire().await?)),
        }))
    }

    /// Prefer [`transact!`](crate::transact): it commits, bounds and retries.
    pub async fn write(&self) -> Result<Tx> {
        Ok(Tx(Read(match &self.pools {
            // A deferred transaction that reads before it writes fails with BUSY under load.
            Pools::Sqlite { writer, .. } => {
                Handle::Sqlite(Lease::Transaction(writer.begin_with("BEGIN IMMEDIATE").await?))
            }
            Pools::Postgres(pool) => Handle::Postgres(Lease::Transaction(pool.begin().await?)),
            Pools::MySql(pool) => Handle::MySql(Lease::Transaction(pool.begin().await?)),
        })))
    }

    pub fn backend(&self) -> Backend {
        match &self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres(_) => Backend::Postgres,
            Pools::MySql(_) => Backend::MySql,
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
    pub async fn commit(self) -> Result<()> {
        match self.0.0 {
            Handle::Sqlite(lease) => lease.commit().await?,
            Handle::Postgres(lease) => lease.commit().await?,
            Handle::MySql(lease) => lease.commit().await?,
        }
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.0
    }
}
