//! The `command_inbox` table.

use storage::command_inbox::{self, Done, NewCommand};
use storage::{Result, Store};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    a_command_is_found_as_it_ended_until_it_is_old,
);

async fn found(store: &Store, digest: &[u8]) -> Option<Done> {
    let mut read = store.read().await.expect("a connection");
    command_inbox::find(&mut read, digest).await.expect("an answer")
}

async fn a_command_is_found_as_it_ended_until_it_is_old(database: Database) {
    let store = &database.store;
    assert_eq!(found(store, b"one").await, None);
    let written: Result<()> = storage::transact!(store, |tx| {
        command_inbox::insert(tx, &given::command(b"one")).await?;
        let other = NewCommand { now: later(10), ..given::command(b"other") };
        command_inbox::insert(tx, &other).await?;
        command_inbox::set_outcome(tx, b"other", "unchanged").await?;
    });
    written.expect("written");
    let done =
        |outcome: &str| Some(Done { body_digest: b"body".to_vec(), outcome: outcome.to_owned() });
    assert_eq!(found(store, b"one").await, done("applied"));
    assert_eq!(found(store, b"other").await, done("unchanged"));

    let swept: Result<[u64; 2]> = storage::transact!(store, |tx| {
        [command_inbox::delete_old(tx, NOW).await?, command_inbox::delete_old(tx, later(10)).await?]
    });
    assert_eq!(swept.expect("swept"), [0, 1], "exactly what is older");
    assert_eq!(found(store, b"one").await, None);
    assert_eq!(found(store, b"other").await, done("unchanged"));
}
