//! Where the data is, and on which backend.

use std::path::Path;
use std::str::FromStr;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::drivers::Backend;

/// Where the data is: `sqlite:PATH`, `postgres://…` or `mysql://…`.
#[derive(Clone)]
pub struct DatabaseUrl(pub(super) Target);

#[derive(Clone)]
pub(super) enum Target {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
    MySql(MySqlConnectOptions),
}

#[derive(Debug, thiserror::Error)]
#[error("not a database URL: expected sqlite:PATH, postgres://… or mysql://… ({0})")]
pub struct InvalidUrl(String);

impl FromStr for DatabaseUrl {
    type Err = InvalidUrl;

    fn from_str(url: &str) -> Result<Self, InvalidUrl> {
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        // The driver's own message could repeat the URL, and with it a password.
        let unreadable = |_| InvalidUrl("it cannot be read".to_owned());
        let target = match scheme {
            "sqlite" => {
                // Each connection would open a memory of its own.
                if url.contains(":memory:") || url.contains("mode=memory") {
                    return Err(InvalidUrl("SQLite needs a file, not memory".to_owned()));
                }
                Target::Sqlite(SqliteConnectOptions::from_str(url).map_err(unreadable)?)
            }
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
