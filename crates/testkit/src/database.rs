//! A fresh database for each test.

use std::str::FromStr;
use std::time::Duration;

use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};
use storage::{Backend, ConnectOptions, DatabaseUrl, Store};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

const POSTGRES: &str = "VESTIBULE_TEST_POSTGRES_URL";
const MYSQL: &str = "VESTIBULE_TEST_MYSQL_URL";

/// Tests of all crates share two cores with three servers.
const PATIENCE: Duration = Duration::from_secs(30);

/// An empty database with the newest schema. Its SQLite folder goes when this is dropped; the
/// databases on servers go with the server of the test run.
pub struct Database {
    pub store: Store,
    /// For whoever connects on its own: a process under test, another instance.
    pub url: String,
    pub backend: Backend,
    folder: TempDir,
}

impl Database {
    pub async fn fresh(backend: Backend) -> Self {
        let database = Self::empty(backend).await;
        database.store.migrate().await.expect("the schema is applied");
        database
    }

    /// Without any schema.
    pub async fn empty(backend: Backend) -> Self {
        let folder = TempDir::with_prefix("vestibule-test-").expect("a temporary folder");
        let url = match backend {
            Backend::Sqlite => format!("sqlite:{}", folder.path().join("test.db").display()),
            Backend::Postgres => new_on_postgres(&server(POSTGRES)).await,
            Backend::MySql => new_on_mysql(&server(MYSQL)).await,
        };
        let store = connect(&url, PATIENCE).await;
        Self { store, url, backend, folder }
    }

    /// A folder of this test's own.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Does damage behind the back of storage.
    pub async fn execute(&self, sql: &'static str) {
        macro_rules! run {
            ($connection:ty) => {{
                let mut own = <$connection>::connect(&self.url).await.expect("a connection");
                sqlx::raw_sql(sql).execute(&mut own).await.expect(sql);
            }};
        }
        match self.backend {
            Backend::Sqlite => run!(SqliteConnection),
            Backend::Postgres => run!(PgConnection),
            Backend::MySql => run!(MySqlConnection),
        }
    }

    /// Whether others may write: in an `SQLite` file one writes at a time, and keeps that right while
    /// its process sleeps.
    pub async fn can_be_written(&self) -> bool {
        if self.backend != Backend::Sqlite {
            return true;
        }
        let mut own = SqliteConnection::connect(&self.url).await.expect("a connection");
        let asked = "PRAGMA busy_timeout = 200; BEGIN IMMEDIATE; ROLLBACK";
        sqlx::raw_sql(asked).execute(&mut own).await.is_ok()
    }

    /// Another instance's view of the same database.
    pub async fn connect_again(&self) -> Store {
        connect(&self.url, PATIENCE).await
    }

    /// Another instance, with a limit of its own for statements.
    pub async fn connect_with_limit(&self, statement_timeout: Duration) -> Store {
        connect(&self.url, statement_timeout).await
    }
}

async fn connect(url: &str, statement_timeout: Duration) -> Store {
    let options = ConnectOptions {
        max_connections: 8,
        acquire_timeout: PATIENCE,
        statement_timeout,
        wait_at_start: PATIENCE,
    };
    let url = DatabaseUrl::from_str(url).expect("a URL that we made");
    Store::connect(&url, &options).await.expect("the database answers")
}

#[expect(clippy::disallowed_methods, reason = "the test runner says where its servers are")]
fn server(variable: &str) -> Url {
    let url = std::env::var(variable).unwrap_or_else(|_| {
        panic!("{variable} is not set: run `cargo xtask test`, which starts the real servers")
    });
    url.parse().unwrap_or_else(|error| panic!("{variable} is not a URL: {error}"))
}

async fn new_on_postgres(server: &Url) -> String {
    let name = new_name();
    let mut admin = PgConnection::connect(server.as_str()).await.expect("PostgreSQL answers");
    create(sqlx::query(sqlx::AssertSqlSafe(statement(&name))).execute(&mut admin).await);
    on_server(server, &name)
}

async fn new_on_mysql(server: &Url) -> String {
    let name = new_name();
    let mut admin = MySqlConnection::connect(server.as_str()).await.expect("MySQL answers");
    create(sqlx::query(sqlx::AssertSqlSafe(statement(&name))).execute(&mut admin).await);
    on_server(server, &name)
}

fn statement(name: &str) -> String {
    format!("CREATE DATABASE {name}")
}

fn create<T>(outcome: sqlx::Result<T>) {
    outcome.expect("a database of this test's own is created");
}

fn on_server(server: &Url, name: &str) -> String {
    let mut url = server.clone();
    url.set_path(name);
    url.to_string()
}

#[expect(clippy::disallowed_methods, reason = "names of databases need chance, not seeds")]
fn new_name() -> String {
    format!("vestibule_test_{}", Uuid::now_v7().simple())
}
