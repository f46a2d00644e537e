//! Whoever wants to change an account waits for whoever is changing it.

use std::time::Duration;

use domain::{Status, User};
use storage::blocks::{self, Block};
use storage::{Store, users};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::given::{self, later};

on_every_backend!(Database::fresh =>
    a_locked_account_is_read_again_only_when_its_lock_ends,
    lgn_15_whoever_waited_for_an_account_sees_the_block_that_was_set_meanwhile,
);

async fn locked(store: Store, id: domain::UserId) -> User {
    let mut tx = store.write().await.expect("a transaction");
    users::find_locked(&mut tx, id).await.expect("an answer").expect("an account")
}

async fn a_locked_account_is_read_again_only_when_its_lock_ends(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let mut first = store.write().await.expect("a transaction");
    users::find_locked(&mut first, ann.id).await.expect("an answer");

    let mut second = JoinSet::new();
    second.spawn(locked(store.clone(), ann.id));
    let waited = timeout(Duration::from_millis(150), second.join_next()).await;
    assert!(waited.is_err(), "the second transaction did not wait");
    // Readers do not wait, and see what is committed.
    assert_eq!(given::read(store, ann.id).await.version, 1);

    users::change(&mut first, &ann, later(1)).await.expect("a change");
    first.commit().await.expect("a commit");
    let seen = second.join_next().await.expect("a task").expect("no panic");
    assert_eq!(seen.version, 2, "the second transaction read what the first had left");
}

/// A block that ends became one that does not: whoever waited must not take it for over.
async fn lgn_15_whoever_waited_for_an_account_sees_the_block_that_was_set_meanwhile(
    database: Database,
) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let blocked: storage::Result<()> = storage::transact!(store, |tx| {
        users::block(tx, ann.id, later(1)).await?;
        blocks::set(tx, ann.id, &Block { reason: None, until: Some(later(2)) }).await?;
    });
    blocked.expect("written");

    let mut first = store.write().await.expect("a transaction");
    let ann = users::find_locked(&mut first, ann.id).await.expect("an answer").expect("an account");
    let mut second = JoinSet::new();
    second.spawn(locked(store.clone(), ann.id));
    let waited = timeout(Duration::from_millis(150), second.join_next()).await;
    assert!(waited.is_err(), "the second transaction did not wait");

    users::change_security(&mut first, &ann, later(1)).await.expect("a change");
    blocks::set(&mut first, ann.id, &Block::default()).await.expect("a block without an end");
    first.commit().await.expect("a commit");
    let seen = second.join_next().await.expect("a task").expect("no panic");
    assert_eq!(seen.status, Status::Blocked { until: None });
}
