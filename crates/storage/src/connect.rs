//! From a URL to pools, waiting for a server that is still starting.

use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor};

use crate::drivers::{Backend, Pools};
use crate::error::{Error, Result};
use crate::store::Store;

/// Where the data is: `sqlite:PATH`, `postgres://…` or `mysql://…`.
#[derive(Clone)]
pub struct DatabaseUrl(Target);

#[derive(Clone)]
enum Target {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
    MySql(MySqlConnectOptions),
}

#[derive(Debug, thiserror::Error)]
#[error("not a database URL: expected sqlite:PATH, postgres://… or mysql://… ({0})")]
pub struct InvalidUrl(String);

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

impl FromStr for DatabaseUrl {
    type Err = InvalidUrl;

    fn from_str(url: &str) -> Result<Self, InvalidUrl> {
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        // The driver's own message could repeat the URL, and with it a password.
        let unreadable = |_| InvalidUrl("it cannot be read".to_owned());
        let target = match scheme {
            "sqlite" => Target::Sqlite(SqliteConnectOptions::from_str(url).map_err(unreadable)?),
            "postgres" | "postgresql" => {
                Target::Postgres(PgConnectOptions::from_str(url).map_err(unreadable)?)
            }
            "mysql" | "mariadb" => {
                Target::MySql(MySqlConnectOptions::from_str(url).map_err(unreadable)?)
            }
            _ => return Err(InvalidUrl(format!("unknown scheme `{scheme}`"))),
        };
        Ok(Self(target))
    }
}

impl DatabaseUrl {
    pub fn backend(&self) -> Backend {
        match self.0 {
            Target::Sqlite(_) => Backend::Sqlite,
            Target::Postgres(_) => Backend::Postgres,
            Target::MySql(_) => Backend::MySql,
        }
    }

    /// The file of an SQLite database, which connecting would create.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Target::Sqlite(target) => Some(target.get_filename()),
            Target::Postgres(_) | Target::MySql(_) => None,
        }
    }
}

impl Store {
    /// Connects, waiting visibly for a server that does not answer yet.
    pub async fn connect(url: &DatabaseUrl, options: &ConnectOptions) -> Result<Self> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            match Self::connect_once(url, options).await {
                Err(error @ Error::Unavailable { .. })
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
        let pools = match &url.0 {
            Target::Sqlite(target) => sqlite(target.clone(), options).await?,
            Target::Postgres(target) => postgres(target.clone(), options).await?,
            Target::MySql(target) => mysql(target.clone(), options).await?,
        };
        Ok(Self { pools })
    }
}

async fn sqlite(target: SqliteConnectOptions, options: &ConnectOptions) -> Result<Pools> {
    if let Some(folder) = target.get_filename().parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Unavailable { source: Some(error.into()) })?;
    }
    let target = target
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging();
    let writer =
        SqlitePoolOptions::new().max_connections(1).acquire_timeout(crate::transact::WRITE_LIMIT);
    // The writer first: it creates the file and its journal mode.
    let writer = writer.connect_with(target.clone()).await?;
    let readers = pool::<sqlx::Sqlite>(options).connect_with(target.pragma("query_only", "1"));
    Ok(Pools::Sqlite { readers: readers.await?, writer })
}

async fn postgres(target: PgConnectOptions, options: &ConnectOptions) -> Result<Pools> {
    let limits = format!("{}ms", options.statement_timeout.as_millis());
    let target = target
        .options([
            ("lock_timeout", "1s"),
            ("statement_timeout", limits.as_str()),
            ("idle_in_transaction_session_timeout", "10s"),
        ])
        .disable_statement_logging();
    let pool: PgPoolOptions = pool(options);
    Ok(Pools::Postgres(pool.connect_with(target).await?))
}

async fn mysql(target: MySqlConnectOptions, options: &ConnectOptions) -> Result<Pools> {
    let pool: MySqlPoolOptions = pool(options);
    let pool = pool.after_connect(|connection, _| {
        Box::pin(async move {
            connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
            connection.execute("SET SESSION innodb_lock_wait_timeout = 2").await?;
            Ok(())
        })
    });
    Ok(Pools::MySql(pool.connect_with(target.disable_statement_logging()).await?))
}

/// Connections are not pinged before use: that would double the cost of a point read, and a
/// dead one fails its statement, which is answered as unavailable.
fn pool<DB: sqlx::Database>(options: &ConnectOptions) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
}
