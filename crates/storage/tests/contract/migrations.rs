//! The schema is applied once, by whoever comes first, and is the same everywhere.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::RoleName;
use sqlx::migrate::Migrate;
use storage::{roles, setup};
use testkit::{Backend, Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given;
use crate::raw::Raw;

on_every_backend!(Database::empty =>
    three_instances_migrate_one_empty_database_at_once,
    what_is_pending_is_told_before_and_after,
    a_migration_waits_as_long_as_another_instance_needs,
    auz_07_a_deployment_with_an_administrator_migrates_to_a_closed_setup,
);

async fn three_instances_migrate_one_empty_database_at_once(database: Database) {
    let mut instances = JoinSet::new();
    for _ in 0..3 {
        let store = database.connect_again().await;
        instances.spawn(async move { store.migrate().await });
    }
    for outcome in instances.join_all().await {
        outcome.expect("each instance finds the schema applied");
    }
    assert_eq!(database.store.pending_migrations().await.expect("an answer"), []);
    let roles = Raw::connect(&database).await.number("SELECT COUNT(*) FROM roles").await;
    assert_eq!(roles, 3);
}

async fn what_is_pending_is_told_before_and_after(database: Database) {
    let store = &database.store;
    let before = store.pending_migrations().await.expect("an answer");
    let numbers: Vec<i64> = before.iter().map(|one| one.number).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
    assert_eq!(before[0].name, "users");
    store.migrate().await.expect("applied");
    assert_eq!(store.pending_migrations().await.expect("an answer"), []);
    let ann = given::ann(store).await;
    store.migrate().await.expect("nothing to apply");
    assert_eq!(given::read(store, ann.id).await, ann);
    Raw::connect(&database).await.execute("DELETE FROM _sqlx_migrations WHERE version = 11").await;
    let after = store.pending_migrations().await.expect("an answer");
    assert_eq!(after, before[10..=10]);
}

async fn auz_07_a_deployment_with_an_administrator_migrates_to_a_closed_setup(database: Database) {
    let store = &database.store;
    store.migrate().await.expect("applied");
    let ann = given::ann(store).await.id;
    let admin = RoleName::new(RoleName::ADMIN);
    let granted: storage::Result<bool> =
        storage::transact!(store, |tx| { roles::grant(tx, ann, &admin, given::NOW).await? });
    granted.expect("granted");
    // Back to before there was such a row.
    let mut raw = Raw::connect(&database).await;
    raw.execute("DELETE FROM setup").await;
    raw.execute("DELETE FROM _sqlx_migrations WHERE description = 'setup row'").await;
    store.migrate().await.expect("applied");
    let found = setup::find(&mut store.read().await.expect("a connection")).await;
    assert_eq!(found.expect("the row").closed_at, Some(given::NOW));
}

/// MySQL alone can be killed between a change of the schema and the note about it.
#[tokio::test]
async fn r_38_a_migration_that_was_begun_is_completed() {
    let database = Database::empty(Backend::MySql).await;
    let store = &database.store;
    store.migrate().await.expect("applied");
    let mut raw = Raw::connect(&database).await;
    // One that was carried out, and one that was not.
    raw.execute("UPDATE _sqlx_migrations SET success = FALSE WHERE version = 8").await;
    raw.execute("UPDATE _sqlx_migrations SET success = FALSE WHERE version = 9").await;
    raw.execute("DROP TABLE signing_keys").await;
    let pending = store.pending_migrations().await.expect("an answer");
    assert_eq!(pending.iter().map(|one| one.number).collect::<Vec<_>>(), [8, 9]);
    store.migrate().await.expect("completed");
    assert_eq!(store.pending_migrations().await.expect("an answer"), []);
    assert_eq!(raw.number("SELECT COUNT(*) FROM signing_keys").await, 0);
}

/// Each of them may have been carried out by an instance that was killed before it noted that.
#[tokio::test]
async fn r_38_every_migration_can_be_done_again() {
    let database = Database::empty(Backend::MySql).await;
    let store = &database.store;
    store.migrate().await.expect("applied");
    let mut raw = Raw::connect(&database).await;
    raw.execute("UPDATE _sqlx_migrations SET success = FALSE").await;
    store.migrate().await.expect("done again");
    assert_eq!(store.pending_migrations().await.expect("an answer"), []);
}

/// Longer than any other statement may wait for a lock.
const LONG: Duration = Duration::from_millis(1_300);

async fn a_migration_waits_as_long_as_another_instance_needs(database: Database) {
    let mut other = Raw::connect(&database).await;
    match &mut other {
        Raw::Sqlite(_) => drop(other.execute("BEGIN EXCLUSIVE").await),
        Raw::Postgres(connection) => connection.lock().await.expect("the lock"),
        Raw::MySql(_) => {
            let lock = "SELECT GET_LOCK(CONCAT('migrate.', MD5(DATABASE())), 0) = 1";
            assert_eq!(other.number(lock).await, 1);
        }
    }
    // Nor do the limits of requests bind who waits.
    let store = database.connect_with_limit(Duration::from_secs(1)).await;
    let mut instance = JoinSet::new();
    instance.spawn(async move { store.migrate().await });
    let early = tokio::time::timeout(LONG, instance.join_next()).await;
    assert!(early.is_err(), "it did not wait: {early:?}");
    drop(other);
    instance.join_next().await.expect("a task").expect("no panic").expect("applied");
}

/// Table, column, and whether it may be NULL.
type Column = (String, String, String);

async fn columns(backend: Backend) -> BTreeSet<Column> {
    let database = Database::fresh(backend).await;
    let sql = match backend {
        Backend::Sqlite => {
            "SELECT tables.name, columns.name, \
             CASE WHEN columns.\"notnull\" = 1 OR columns.pk > 0 THEN 'NO' ELSE 'YES' END \
             FROM sqlite_schema tables JOIN pragma_table_info(tables.name) columns \
             WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        }
        Backend::Postgres => {
            "SELECT table_name::text, column_name::text, is_nullable::text \
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
        Backend::MySql => {
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR), \
             CAST(is_nullable AS CHAR) \
             FROM information_schema.columns WHERE table_schema = DATABASE()"
        }
    };
    let columns: Vec<Column> = Raw::connect(&database).await.rows(sql).await;
    columns.into_iter().filter(|(table, ..)| table != "_sqlx_migrations").collect()
}

#[tokio::test]
async fn the_three_folders_make_the_same_columns() {
    let sqlite = columns(Backend::Sqlite).await;
    assert!(sqlite.len() > 80, "{sqlite:?}");
    for backend in [Backend::Postgres, Backend::MySql] {
        let other = columns(backend).await;
        let different: Vec<_> = sqlite.symmetric_difference(&other).collect();
        assert!(different.is_empty(), "sqlite and {}: {different:#?}", backend.as_str());
    }
}
