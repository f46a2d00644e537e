//! Whoever wants to change an account waits for whoever is changing it.

use std::time::Duration;

use storage::{Store, users};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::given::{self, later};

on_every_backend!(Database::fresh => a_locked_account_is_read_again_only_when_its_lock_ends);

async fn locked_version(store: Store, id: domain::UserId) -> i64 {
    let mut tx = store.write().await.expect("a transaction");
    let user = users::find_locked(&mut tx, id).await.expect("an answer").expect("an account");
    user.version
}

async fn a_locked_account_is_read_again_only_when_its_lock_ends(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let mut first = store.write().await.expect("a transaction");
    users::find_locked(&mut first, ann.id).await.expect("an answer");

    let mut second = JoinSet::new();
    second.spawn(locked_version(store.clone(), ann.id));
    let waited = timeout(Duration::from_millis(150), second.join_next()).await;
    assert!(waited.is_err(), "the second transaction did not wait");
    // Readers do not wait, and see what is committed.
    assert_eq!(given::read(store, ann.id).await.version, 1);

    users::change(&mut first, &ann, later(1)).await.expect("a change");
    first.commit().await.expect("a commit");
    let seen = second.join_next().await.expect("a task").expect("no panic");
    assert_eq!(seen, 2, "the second transaction read what the first had left");
}
