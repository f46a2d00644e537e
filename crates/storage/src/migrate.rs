//! The schema and its history: one folder a backend, the same numbers and names in each.

use sqlx::migrate::Migrator;
use sqlx::{Connection as _, Executor as _};

use crate::connect::lift_statement_limit;
use crate::drivers::Pools;
use crate::error::{Error, Result};
use crate::store::Store;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");
static MYSQL: Migrator = sqlx::migrate!("migrations/mysql");

/// A change of the schema that this program knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    pub number: i64,
    pub name: String,
}

impl Store {
    /// Applies what is missing, under a lock: instances that start together wait for the first.
    pub async fn migrate(&self) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => {
                // sqlx takes no lock on SQLite; an exclusive transaction around all is one.
                let mut tx = writer.begin_with("BEGIN EXCLUSIVE").await?;
                SQLITE.run_direct(None, &mut *tx, false).await?;
                tx.commit().await?;
            }
            // On servers, with a connection of its own: what a failure leaves behind ends with it.
            Pools::Postgres(pool) => {
                let mut connection = pool.acquire().await?.detach();
                // The limits of requests are not those of a change of the schema.
                connection.execute("SET lock_timeout = 0; SET statement_timeout = 0").await?;
                POSTGRES.run_direct(None, &mut connection, false).await?;
                connection.close().await?;
            }
            Pools::MySql(pool) => {
                let mut connection = pool.acquire().await?.detach();
                lift_statement_limit(&mut connection).await?;
                // sqlx asks for its lock with a limit of -1, with which MariaDB gives none.
                let (is_locked,): (Option<i64>,) =
                    sqlx::query_as(MYSQL_LOCK).fetch_one(&mut connection).await?;
                if is_locked != Some(1) {
                    return Err(Error::Unavailable { source: None });
                }
                forget_begun(connection.execute(MYSQL_BEGUN).await)?;
                MYSQL.run_direct(None, &mut connection, false).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// What [`Store::migrate`] would apply, in order.
    pub async fn pending_migrations(&self) -> Result<Vec<Migration>> {
        let (mut pending, applied) = self.known_and_applied().await?;
        pending.retain(|migration| !applied.contains(&migration.number));
        Ok(pending)
    }

    /// The first migration of a newer release that was here.
    pub async fn newer_migration(&self) -> Result<Option<i64>> {
        let (known, applied) = self.known_and_applied().await?;
        let is_known = |number: &i64| known.iter().any(|migration| migration.number == *number);
        Ok(applied.into_iter().filter(|number| !is_known(number)).min())
    }

    async fn known_and_applied(&self) -> Result<(Vec<Migration>, Vec<i64>)> {
        let (known, applied) = match &self.pools {
            Pools::Sqlite { readers, .. } => {
                (&SQLITE, applied(sqlx::query_as(APPLIED).fetch_all(readers).await))
            }
            Pools::Postgres(pool) => {
                (&POSTGRES, applied(sqlx::query_as(APPLIED).fetch_all(pool).await))
            }
            Pools::MySql(pool) => (&MYSQL, applied(sqlx::query_as(APPLIED).fetch_all(pool).await)),
        };
        Ok((list(known), applied?))
    }
}

/// Every migration of this release, which are the same on all backends: what an empty database
/// lacks.
pub fn migrations() -> Vec<Migration> {
    list(&SQLITE)
}

fn list(known: &Migrator) -> Vec<Migration> {
    known
        .iter()
        .map(|migration| Migration {
            number: migration.version,
            name: migration.description.to_string(),
        })
        .collect()
}

/// Waits ten minutes at most for another instance. The name fits into the 64 characters of MySQL.
const MYSQL_LOCK: &str = "SELECT GET_LOCK(CONCAT('migrate.', MD5(DATABASE())), 600)";

/// What only began is not applied.
const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success";

/// MySQL commits each change of the schema by itself. A migration whose instance was killed is
/// noted as begun, whether it was carried out or not, and sqlx would refuse to go on for ever.
/// Begun ones are therefore done again, so there each is one statement that can be repeated
///
const MYSQL_BEGUN: &str = "DELETE FROM _sqlx_migrations WHERE NOT success";

/// On an empty database there is nothing to forget.
fn forget_begun<T>(outcome: sqlx::Result<T>) -> Result<()> {
    match outcome {
        Err(sqlx::Error::Database(error)) if error.message().contains("_sqlx_migrations") => Ok(()),
        outcome => Ok(outcome.map(|_| ())?),
    }
}

/// The numbers applied so far; none when the table of migrations does not exist yet.
fn applied(rows: sqlx::Result<Vec<(i64,)>>) -> Result<Vec<i64>> {
    match rows {
        Ok(rows) => Ok(rows.into_iter().map(|(version,)| version).collect()),
        Err(sqlx::Error::Database(error)) if error.message().contains("_sqlx_migrations") => {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(source: sqlx::migrate::MigrateError) -> Self {
        if let sqlx::migrate::MigrateError::VersionMissing(number) = source {
            return Self::NewerSchema { number };
        }
        Self::Migration { source }
    }
}
