//! The `passwords` table.

use storage::{Error, passwords};
use testkit::{Database, on_every_backend};

use crate::given::{self, later, user_id};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    the_newest_hash_is_read_back,
    only_the_hash_that_was_checked_is_upgraded,
    a_deleted_hash_is_gone,
    a_hash_belongs_to_an_account,
);

async fn the_newest_hash_is_read_back(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let bob = given::user(store, &given::named("bob")).await;
    let longest = "$é".repeat(256);
    let mut tx = store.write().await.expect("a transaction");
    assert_eq!(passwords::find(&mut tx, ann.id).await.expect("an answer"), None);
    passwords::set(&mut tx, ann.id, "first", later(1)).await.expect("set");
    passwords::set(&mut tx, ann.id, &longest, later(2)).await.expect("set again");
    passwords::set(&mut tx, ann.id, &longest, later(3)).await.expect("set to the same");
    tx.commit().await.expect("a commit");

    let mut read = store.read().await.expect("a connection");
    assert_eq!(passwords::find(&mut read, ann.id).await.expect("an answer"), Some(longest));
    assert_eq!(passwords::find(&mut read, bob.id).await.expect("an answer"), None);
    let changed_at = passwords::changed_at(&mut read, ann.id).await.expect("an answer");
    assert_eq!(changed_at, Some(later(3)));
    assert_eq!(passwords::changed_at(&mut read, bob.id).await.expect("an answer"), None);
    let changed = "SELECT COUNT(*) FROM passwords WHERE changed_at = 1790000003123456";
    assert_eq!(Raw::connect(&database).await.number(changed).await, 1);
}

async fn only_the_hash_that_was_checked_is_upgraded(database: Database) {
    let ann = given::ann(&database.store).await;
    let mut tx = database.store.write().await.expect("a transaction");
    passwords::set(&mut tx, ann.id, "Old", later(1)).await.expect("set");
    for (checked, expected) in [("older", "Old"), ("old", "Old"), ("Óld", "Old"), ("Old", "new")] {
        passwords::upgrade(&mut tx, ann.id, checked, "new").await.expect("an answer");
        let hash = passwords::find(&mut tx, ann.id).await.expect("an answer");
        assert_eq!(hash.as_deref(), Some(expected), "{checked}");
    }
}

async fn a_deleted_hash_is_gone(database: Database) {
    let ann = given::ann(&database.store).await;
    let mut tx = database.store.write().await.expect("a transaction");
    passwords::set(&mut tx, ann.id, "hash", later(1)).await.expect("set");
    for _ in 0..2 {
        passwords::delete(&mut tx, ann.id).await.expect("deleted");
        assert_eq!(passwords::find(&mut tx, ann.id).await.expect("an answer"), None);
    }
}

async fn a_hash_belongs_to_an_account(database: Database) {
    let mut tx = database.store.write().await.expect("a transaction");
    let nobodys = passwords::set(&mut tx, user_id(), "hash", later(1)).await;
    assert!(matches!(nobodys, Err(Error::Driver { .. })), "{nobodys:?}");
}
