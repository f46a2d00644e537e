//! SQL behind the back of storage: to see columns that it does not show, and to do damage.

use sqlx::mysql::MySqlRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, FromRow, MySqlConnection, PgConnection, Row, SqliteConnection};
use testkit::{Backend, Database};

/// A connection of the test's own, outside every pool.
pub(crate) enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    MySql(MySqlConnection),
}

macro_rules! on_connection {
    ($raw:expr, |$connection:ident| $body:expr) => {
        match $raw {
            Raw::Sqlite($connection) => $body,
            Raw::Postgres($connection) => $body,
            Raw::MySql($connection) => $body,
        }
    };
}

impl Raw {
    pub(crate) async fn connect(database: &Database) -> Self {
        let url = database.url.as_str();
        match database.backend {
            Backend::Sqlite => SqliteConnection::connect(url).await.map(Self::Sqlite),
            Backend::Postgres => PgConnection::connect(url).await.map(Self::Postgres),
            Backend::MySql => MySqlConnection::connect(url).await.map(Self::MySql),
        }
        .expect("the database of this test answers")
    }

    /// Answers how many rows matched, or the failure in the words of storage.
    pub(crate) async fn attempt(&mut self, sql: &'static str) -> storage::Result<u64> {
        let outcome = on_connection!(self, |connection| {
            sqlx::raw_sql(sql).execute(connection).await.map(|done| done.rows_affected())
        });
        outcome.map_err(storage::Error::from)
    }

    pub(crate) async fn execute(&mut self, sql: &'static str) -> u64 {
        self.attempt(sql).await.expect(sql)
    }

    pub(crate) async fn rows<T>(&mut self, sql: &'static str) -> Vec<T>
    where
        T: for<'r> FromRow<'r, SqliteRow>
            + for<'r> FromRow<'r, PgRow>
            + for<'r> FromRow<'r, MySqlRow>
            + Send
            + Unpin,
    {
        on_connection!(self, |connection| sqlx::query_as(sql).fetch_all(connection).await)
            .expect(sql)
    }

    /// The one number that `sql` answers.
    pub(crate) async fn number(&mut self, sql: &'static str) -> i64 {
        let rows: Vec<(i64,)> = self.rows(sql).await;
        assert_eq!(rows.len(), 1, "one row from {sql}");
        rows[0].0
    }

    /// How the server would carry out a statement whose parameters are these literals.
    pub(crate) async fn plan(&mut self, statement: &str, literals: &[&str]) -> String {
        let mut text = statement.to_owned();
        for (place, literal) in literals.iter().enumerate() {
            text = match self {
                Self::MySql(_) => text.replacen('?', literal, 1),
                Self::Sqlite(_) | Self::Postgres(_) => {
                    text.replacen(&format!("${}", place + 1), literal, 1)
                }
            };
        }
        let lines: Vec<String> = match self {
            Self::Sqlite(connection) => {
                let rows = sqlx::query(leak(format!("EXPLAIN QUERY PLAN {text}")));
                let rows = rows.fetch_all(connection).await.expect("a plan");
                rows.iter().map(|row| row.get("detail")).collect()
            }
            Self::Postgres(connection) => {
                let rows = sqlx::query(leak(format!("EXPLAIN {text}")));
                let rows = rows.fetch_all(connection).await.expect("a plan");
                rows.iter().map(|row| row.get(0)).collect()
            }
            Self::MySql(connection) => {
                let rows = sqlx::query(leak(format!("EXPLAIN {text}")));
                let rows = rows.fetch_all(connection).await.expect("a plan");
                let shown = |row: &MySqlRow, column| {
                    row.get::<Option<String>, _>(column).unwrap_or_default()
                };
                let line =
                    |row| ["type", "key", "Extra"].map(|column| shown(row, column)).join(" ");
                rows.iter().map(line).collect()
            }
        };
        lines.join("\n")
    }

    /// Lets this connection write what no foreign key allows.
    pub(crate) async fn ignore_foreign_keys(&mut self) {
        self.execute(match self {
            Self::Sqlite(_) => "PRAGMA foreign_keys = OFF",
            Self::Postgres(_) => "SET session_replication_role = replica",
            Self::MySql(_) => "SET foreign_key_checks = 0",
        })
        .await;
    }
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
