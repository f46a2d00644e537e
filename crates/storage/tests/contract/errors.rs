//! Failures of three servers in the words of storage.

use sqlx::{Connection, SqliteConnection};
use storage::{Error, users};
use testkit::{Backend, Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given;
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    a_lock_that_cannot_be_had_is_a_rivals,
    whoever_is_ended_by_a_deadlock_may_try_again,
    a_connection_that_was_cut_makes_the_database_unavailable_once,
    a_value_too_long_is_refused_and_never_cut,
    a_statement_that_is_wrong_is_a_fault,
    a_closed_store_is_unavailable,
);

#[tokio::test]
async fn a_file_that_is_full_or_cannot_be_opened_is_unavailable() {
    let database = Database::fresh(Backend::Sqlite).await;
    let mut raw = Raw::connect(&database).await;
    raw.execute("PRAGMA max_page_count = 1").await;
    let fill =
        "INSERT INTO roles (name, description, built_in) VALUES ('x', hex(zeroblob(99999)), 1)";
    let full = raw.attempt(fill).await;
    assert!(matches!(full, Err(Error::Unavailable { .. })), "{full:?}");

    let folder = format!("sqlite:{}", database.folder().display());
    let closed = SqliteConnection::connect(&folder).await.map(drop).map_err(Error::from);
    assert!(matches!(closed, Err(Error::Unavailable { .. })), "{closed:?}");
}

async fn a_lock_that_cannot_be_had_is_a_rivals(database: Database) {
    given::ann(&database.store).await;
    let (mut first, mut second) = (Raw::connect(&database).await, Raw::connect(&database).await);
    let impatience = match database.backend {
        Backend::Sqlite => "PRAGMA busy_timeout = 0",
        Backend::Postgres => "SET lock_timeout = '20ms'",
        Backend::MySql => "SET innodb_lock_wait_timeout = 1",
    };
    second.execute(impatience).await;
    first.execute("BEGIN").await;
    first.execute("UPDATE users SET version = 2").await;
    let refused = second.attempt("UPDATE users SET version = 3").await;
    assert!(matches!(refused, Err(Error::Rival { .. })), "{refused:?}");
}

/// Two transactions, each of which waits for what the other has.
async fn whoever_is_ended_by_a_deadlock_may_try_again(database: Database) {
    given::ann(&database.store).await;
    given::user(&database.store, &given::named("bob")).await;
    let (mut first, mut second) = (Raw::connect(&database).await, Raw::connect(&database).await);
    let (ann, bob) = match database.backend {
        // SQLite has one lock: here the reader's snapshot is what is overtaken.
        Backend::Sqlite => (
            "SELECT COUNT(*) FROM users",
            "UPDATE users SET version = 2 WHERE username_key = 'bob'",
        ),
        Backend::Postgres | Backend::MySql => (
            "UPDATE users SET version = 2 WHERE username_key = 'ann'",
            "UPDATE users SET version = 2 WHERE username_key = 'bob'",
        ),
    };
    first.execute("BEGIN").await;
    let _: Result<_, _> = first.attempt(ann).await;
    if database.backend == Backend::Sqlite {
        second.execute(bob).await;
        let overtaken = first.attempt(bob).await;
        assert!(matches!(overtaken, Err(Error::Rival { .. })), "{overtaken:?}");
        return;
    }
    second.execute("BEGIN").await;
    second.execute(bob).await;
    let mut waiting = JoinSet::new();
    waiting.spawn(async move {
        let outcome = first.attempt(bob).await;
        // Ends the transaction, so that whoever survives can go on.
        drop(first);
        outcome
    });
    let closing = second.attempt(ann).await;
    drop(second);
    let outcomes = [closing, waiting.join_next().await.expect("a task").expect("no panic")];
    let rivals = outcomes.iter().filter(|one| matches!(one, Err(Error::Rival { .. }))).count();
    assert_eq!(rivals, 1, "{outcomes:?}");
    assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
}

async fn a_connection_that_was_cut_makes_the_database_unavailable_once(database: Database) {
    let ann = given::ann(&database.store).await;
    let mut raw = Raw::connect(&database).await;
    let mut read = database.store.read().await.expect("a connection");
    users::find(&mut read, ann.id).await.expect("an answer");
    match &mut raw {
        // Nobody else can cut a connection to a file.
        Raw::Sqlite(_) => return,
        Raw::Postgres(_) => {
            let _: Vec<(bool,)> = raw
                .rows(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                )
                .await;
        }
        Raw::MySql(_) => {
            let others = "SELECT COUNT(*) FROM information_schema.processlist \
                          WHERE db = DATABASE() AND id <> CONNECTION_ID()";
            while raw.number(others).await > 0 {
                // One that has just gone by itself is no failure.
                let _: Result<_, _> = raw
                    .attempt(
                        "SET @cut = (SELECT CONCAT('KILL ', MIN(id)) \
                         FROM information_schema.processlist \
                         WHERE db = DATABASE() AND id <> CONNECTION_ID()); \
                         PREPARE cut FROM @cut; EXECUTE cut; DEALLOCATE PREPARE cut",
                    )
                    .await;
            }
        }
    }
    let cut = users::find(&mut read, ann.id).await;
    assert!(matches!(cut, Err(Error::Unavailable { .. })), "{cut:?}");
    drop(read);
    // Each connection of the pool may be found dead once.
    for _ in 0..8 {
        let mut read = database.store.read().await.expect("a connection");
        match users::find(&mut read, ann.id).await {
            Err(Error::Unavailable { .. }) => {}
            answer => return assert_eq!(answer.expect("an answer"), Some(ann)),
        }
    }
    panic!("the pool does not recover");
}

async fn a_value_too_long_is_refused_and_never_cut(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let name = "x".repeat(70_000);
    let long = domain::Profile { first_name: name.clone(), ..given::profile() };
    let written: storage::Result<()> =
        storage::transact!(store, |tx| { users::set_profile(tx, ann.id, &long).await? });
    let stored = given::read(store, ann.id).await.profile.first_name;
    match written {
        Ok(()) => assert_eq!(stored, name),
        Err(Error::Driver { .. }) => assert_eq!(stored, ""),
        Err(error) => panic!("{error:?}"),
    }
}

/// A lenient server would keep the beginning of what does not fit, and say nothing.
#[tokio::test]
async fn a_value_too_long_is_refused_by_a_lenient_mysql() {
    let database = Database::fresh(Backend::MySql).await;
    let ann = given::ann(&database.store).await;
    let mut raw = Raw::connect(&database).await;
    raw.execute("SET @strict = @@GLOBAL.sql_mode").await;
    raw.execute("SET GLOBAL sql_mode = ''").await;
    // The mode of a connection is that of the server when it was opened.
    let lenient = database.connect_again().await.write().await;
    raw.execute("SET GLOBAL sql_mode = @strict").await;

    let mut tx = lenient.expect("a transaction");
    let long = domain::Profile { first_name: "x".repeat(151), ..given::profile() };
    let written = users::set_profile(&mut tx, ann.id, &long).await;
    assert!(matches!(written, Err(Error::Driver { .. })), "{written:?}");
}

async fn a_statement_that_is_wrong_is_a_fault(database: Database) {
    let mut raw = Raw::connect(&database).await;
    for sql in ["SELECT nothing FROM nowhere", "INSERT INTO users (version) VALUES (NULL)"] {
        let wrong = raw.attempt(sql).await;
        assert!(matches!(wrong, Err(Error::Driver { .. })), "{wrong:?}");
    }
}

async fn a_closed_store_is_unavailable(database: Database) {
    let store = &database.store;
    store.ping().await.expect("an answer");
    store.close().await;
    assert!(matches!(store.ping().await, Err(Error::Unavailable { .. })));
    assert!(matches!(store.write().await.map(drop), Err(Error::Unavailable { .. })));
}
