//! What a write transaction promises.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::{RoleName, UserId};
use storage::{Error, Result, WRITE_LIMIT, roles, users};
use testkit::{Backend, Database, on_every_backend};

use crate::given;
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    a_transaction_that_is_dropped_leaves_nothing,
    work_that_failed_leaves_nothing_and_is_not_repeated,
    work_that_a_rival_ended_is_repeated_from_nothing,
    work_is_given_up_when_rivals_never_end,
    a_transaction_reads_what_it_wrote_and_nobody_else_does,
);

fn rival() -> Error {
    Error::Rival { source: sqlx::Error::RowNotFound }
}

async fn accounts(database: &Database) -> i64 {
    Raw::connect(database).await.number("SELECT COUNT(*) FROM users").await
}

async fn a_transaction_that_is_dropped_leaves_nothing(database: Database) {
    let mut tx = database.store.write().await.expect("a transaction");
    given::insert(&mut tx, &given::named("ann")).await.expect("inserted");
    drop(tx);
    assert_eq!(accounts(&database).await, 0);
    given::ann(&database.store).await;
}

async fn work_that_failed_leaves_nothing_and_is_not_repeated(database: Database) {
    let attempts = AtomicU32::new(0);
    let outcome: Result<()> = storage::transact!(database.store, |tx| {
        attempts.fetch_add(1, Ordering::Relaxed);
        given::insert(tx, &given::named("ann")).await?;
        Err(Error::Stale)?;
    });
    assert!(matches!(outcome, Err(Error::Stale)));
    assert_eq!((attempts.into_inner(), accounts(&database).await), (1, 0));
}

async fn work_that_a_rival_ended_is_repeated_from_nothing(database: Database) {
    let attempts = AtomicU32::new(0);
    let outcome: Result<UserId> = storage::transact!(database.store, |tx| {
        let id = given::insert(tx, &given::named("ann")).await?;
        if attempts.fetch_add(1, Ordering::Relaxed) < 3 {
            Err(rival())?;
        }
        id
    });
    let id = outcome.expect("the last attempt is committed");
    assert_eq!((attempts.into_inner(), accounts(&database).await), (4, 1));
    assert_eq!(given::read(&database.store, id).await.version, 1);
}

async fn work_is_given_up_when_rivals_never_end(database: Database) {
    let attempts = AtomicU32::new(0);
    let outcome: Result<()> = storage::transact!(database.store, |tx| {
        attempts.fetch_add(1, Ordering::Relaxed);
        given::insert(tx, &given::named("ann")).await?;
        Err(rival())?;
    });
    assert!(matches!(outcome, Err(Error::Rival { .. })), "{outcome:?}");
    assert_eq!((attempts.into_inner(), accounts(&database).await), (4, 0));
}

async fn a_transaction_reads_what_it_wrote_and_nobody_else_does(database: Database) {
    let store = &database.store;
    let mut tx = store.write().await.expect("a transaction");
    let id = given::insert(&mut tx, &given::named("ann")).await.expect("inserted");
    let mut read = store.read().await.expect("a connection");
    assert!(users::find(&mut tx, id).await.expect("an answer").is_some());
    assert!(users::find(&mut read, id).await.expect("an answer").is_none());
    tx.commit().await.expect("a commit");
    // The same connection sees it now: each statement reads the newest committed state.
    assert!(users::find(&mut read, id).await.expect("an answer").is_some());
}

/// The clock of the test jumps, so that nobody waits five seconds.
async fn long_work_is_cut(backend: Backend) {
    let database = Database::fresh(backend).await;
    let attempts = AtomicU32::new(0);
    let outcome: Result<()> = storage::transact!(database.store, |tx| {
        attempts.fetch_add(1, Ordering::Relaxed);
        given::insert(tx, &given::named("ann")).await?;
        tokio::time::pause();
        tokio::time::sleep(WRITE_LIMIT * 2).await;
        tokio::time::resume();
    });
    assert!(outcome.is_err(), "work of twice the limit was committed");
    tokio::time::resume();
    assert!(matches!(outcome, Err(Error::Unavailable { source: None })), "{outcome:?}");
    assert_eq!((attempts.into_inner(), accounts(&database).await), (1, 0));
}

/// a process that was paused in the middle finds its work done when it goes on, before it
/// looks at the time. Readers of the log would look for its events too late.
async fn what_took_too_long_is_not_committed(backend: Backend) {
    let database = Database::fresh(backend).await;
    let mut tx = database.store.write().await.expect("a transaction");
    given::insert(&mut tx, &given::named("ann")).await.expect("inserted");
    tokio::time::pause();
    tokio::time::advance(WRITE_LIMIT).await;
    tokio::time::resume();
    let late = tx.commit().await;
    assert!(matches!(late, Err(Error::Unavailable { source: None })), "{late:?}");
    assert_eq!(accounts(&database).await, 0);
}

#[tokio::test]
async fn long_work_is_cut_on_sqlite() {
    long_work_is_cut(Backend::Sqlite).await;
    what_took_too_long_is_not_committed(Backend::Sqlite).await;
}

#[tokio::test]
async fn long_work_is_cut_on_postgres() {
    long_work_is_cut(Backend::Postgres).await;
    what_took_too_long_is_not_committed(Backend::Postgres).await;
}

#[tokio::test]
async fn long_work_is_cut_on_mysql() {
    long_work_is_cut(Backend::MySql).await;
    what_took_too_long_is_not_committed(Backend::MySql).await;
}

/// SQLite lets nobody else commit meanwhile. MariaDB would answer from a snapshot by default.
#[tokio::test]
async fn a_transaction_reads_what_others_committed_meanwhile() {
    for backend in [Backend::Postgres, Backend::MySql] {
        let store = Database::fresh(backend).await.store;
        let ann = given::ann(&store).await;
        let mut tx = store.write().await.expect("a transaction");
        users::find(&mut tx, ann.id).await.expect("an answer");
        let changed: Result<()> =
            storage::transact!(store, |tx| { users::change(tx, &ann, given::later(1)).await? });
        changed.expect("a change");
        let seen = users::find(&mut tx, ann.id).await.expect("an answer").expect("an account");
        assert_eq!(seen.version, 2, "{}", backend.as_str());
    }
}

/// No function writes through [`storage::Read`], and SQLite would refuse it. A view in place of a
/// table tells how a connection is set.
#[tokio::test]
async fn sqlite_is_set_to_keep_what_was_acknowledged_and_to_write_through_one_connection() {
    let database = Database::fresh(Backend::Sqlite).await;
    let mut raw = Raw::connect(&database).await;
    raw.ignore_foreign_keys().await;
    raw.execute("DROP TABLE roles").await;
    raw.execute(
        "CREATE VIEW roles AS SELECT CASE query_only WHEN 1 THEN 'reads' ELSE 'writes' END AS name \
         FROM pragma_query_only UNION ALL SELECT 'synchronous ' || synchronous \
         FROM pragma_synchronous UNION ALL SELECT journal_mode FROM pragma_journal_mode",
    )
    .await;
    let mut read = database.store.read().await.expect("a connection");
    assert!(roles::exists(&mut read, &RoleName::new("reads")).await.expect("an answer"));
    let mut tx = database.store.write().await.expect("a transaction");
    for expected in ["writes", "synchronous 2", "wal"] {
        let is_set = roles::exists(&mut tx, &RoleName::new(expected)).await.expect("an answer");
        assert!(is_set, "{expected}");
    }
}
