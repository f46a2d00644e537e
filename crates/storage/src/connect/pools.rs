//! One pool a backend, with the settings that make it durable and patient.

use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection, Database, Executor, MySqlConnection};

use super::ConnectOptions;
use crate::drivers::Pools;
use crate::error::{Error, Result};

pub(super) async fn sqlite(
    target: SqliteConnectOptions,
    options: &ConnectOptions,
) -> Result<Pools> {
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

pub(super) async fn postgres(target: PgConnectOptions, options: &ConnectOptions) -> Result<Pools> {
    let limits = format!("{}ms", options.statement_timeout.as_millis());
    let target = target
        .options([
            ("lock_timeout", "1s"),
            ("statement_timeout", limits.as_str()),
            ("idle_in_transaction_session_timeout", "10s"),
        ])
        .disable_statement_logging();
    probe(&target, options).await?;
    let pool: PgPoolOptions = pool(options);
    Ok(Pools::Postgres(pool.connect_with(target).await?))
}

pub(super) async fn mysql(target: MySqlConnectOptions, options: &ConnectOptions) -> Result<Pools> {
    probe(&target, options).await?;
    let pool: MySqlPoolOptions = pool(options);
    let limit = options.statement_timeout;
    let pool = pool.after_connect(move |connection, _| {
        Box::pin(async move {
            connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
            connection.execute("SET SESSION innodb_lock_wait_timeout = 2").await?;
            // A lenient server cuts what does not fit, and says nothing.
            let strict = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES')";
            connection.execute(strict).await?;
            if is_mariadb(connection).await? {
                // Of a process that was paused; MySQL has no such setting.
                connection.execute("SET SESSION idle_transaction_timeout = 10").await?;
            }
            limit_statements(connection, limit).await
        })
    });
    Ok(Pools::MySql(pool.connect_with(target.disable_statement_logging()).await?))
}

/// A change of the schema, and whoever waits for one, takes longer than a request may.
pub(crate) async fn lift_statement_limit(connection: &mut MySqlConnection) -> sqlx::Result<()> {
    limit_statements(connection, Duration::ZERO).await
}

/// MariaDB counts seconds for every statement, MySQL milliseconds for reading ones; zero is no
/// limit on both.
async fn limit_statements(connection: &mut MySqlConnection, limit: Duration) -> sqlx::Result<()> {
    let set = if is_mariadb(connection).await? {
        sqlx::query("SET SESSION max_statement_time = ?").bind(limit.as_secs_f64())
    } else {
        let milliseconds = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
        sqlx::query("SET SESSION max_execution_time = ?").bind(milliseconds)
    };
    set.execute(connection).await?;
    Ok(())
}

async fn is_mariadb(connection: &mut MySqlConnection) -> sqlx::Result<bool> {
    let version: String =
        sqlx::query_scalar("SELECT VERSION()").fetch_one(&mut *connection).await?;
    Ok(version.contains("MariaDB"))
}

/// Connects once, outside the pool: that would try again in silence, for as long as a request may
/// wait for a connection, and hide the reason.
async fn probe<O>(target: &O, options: &ConnectOptions) -> Result<()>
where
    O: sqlx::ConnectOptions<Connection: Sized>,
{
    let attempt = async { target.connect().await?.close().await };
    let silence = |_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()));
    let outcome = tokio::time::timeout(options.acquire_timeout, attempt).await;
    Ok(outcome.unwrap_or_else(silence)?)
}

/// A connection used a moment ago is taken as it is: pinging each would double the cost of a point
/// read. One that idled is asked first, so that a restarted server costs few requests.
fn pool<DB: Database>(options: &ConnectOptions) -> PoolOptions<DB> {
    const IDLE: Duration = Duration::from_secs(2);
    PoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(|connection: &mut DB::Connection, state| {
            Box::pin(async move { Ok(state.idle_for < IDLE || connection.ping().await.is_ok()) })
        })
}
