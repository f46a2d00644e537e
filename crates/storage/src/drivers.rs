//! The three drivers, and the only place that tells them apart.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{Database, MySql, MySqlPool, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

/// Which database server keeps the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    Sqlite,
    Postgres,
    /// MySQL and MariaDB.
    MySql,
}

impl Backend {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
        }
    }
}

#[derive(Clone)]
pub(crate) enum Pools {
    /// One writer, many readers: SQLite lets one connection write at a time, and queueing for it
    /// here is fairer than its busy handler.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
    MySql(MySqlPool),
}

pub(crate) enum Handle {
    Sqlite(Lease<Sqlite>),
    Postgres(Lease<Postgres>),
    MySql(Lease<MySql>),
}

/// A connection of a pool, inside a transaction or not.
pub(crate) enum Lease<DB: Database> {
    Plain(PoolConnection<DB>),
    Transaction(Transaction<'static, DB>),
}

impl<DB: Database> Deref for Lease<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match self {
            Self::Plain(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl<DB: Database> DerefMut for Lease<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Self::Plain(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl<DB: Database> Lease<DB> {
    pub(crate) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Transaction(transaction) => transaction.commit().await,
        }
    }
}

/// Runs the body with the spelling and the connection of the backend at hand.
macro_rules! on_backend {
    ($read:expr, $sql:expr, |$text:ident, $connection:ident| $body:expr) => {{
        let read: &mut $crate::Read = $read;
        match read.handle() {
            $crate::drivers::Handle::Sqlite(lease) => {
                let ($text, $connection) = ($sql.sqlite, &mut **lease);
                $body
            }
            $crate::drivers::Handle::Postgres(lease) => {
                let ($text, $connection) = ($sql.postgres, &mut **lease);
                $body
            }
            $crate::drivers::Handle::MySql(lease) => {
                let ($text, $connection) = ($sql.mysql, &mut **lease);
                $body
            }
        }
    }};
}
