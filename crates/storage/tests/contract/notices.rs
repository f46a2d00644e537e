//! The `notices` table.

use storage::{Result, Store, notices};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    a_notice_is_claimed_once_in_its_time,
);

async fn claim(store: &Store, id: domain::UserId, kind: &str, at: u64, quiet_since: u64) -> bool {
    let claimed: Result<bool> = storage::transact!(store, |tx| {
        notices::claim(tx, id, kind, later(at), later(quiet_since)).await?
    });
    claimed.expect("an answer")
}

async fn a_notice_is_claimed_once_in_its_time(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    assert!(claim(store, ann, "one", 10, 0).await);
    assert!(!claim(store, ann, "one", 15, 5).await);
    assert!(claim(store, ann, "other", 15, 5).await);
    assert!(claim(store, bob, "one", 15, 5).await);
    assert!(claim(store, ann, "one", 20, 10).await, "the time is over");
    assert!(!claim(store, ann, "one", 29, 19).await, "it counts from the last");
    let deleted: Result<()> =
        storage::transact!(store, |tx| { notices::delete_of_user(tx, ann).await? });
    deleted.expect("deleted");
    assert!(claim(store, ann, "one", 21, 11).await);
    assert!(!claim(store, bob, "one", 16, 6).await);
    let nobody = given::user_id();
    let nobodys: Result<bool> =
        storage::transact!(store, |tx| { notices::claim(tx, nobody, "one", NOW, NOW).await? });
    nobodys.expect_err("a notice belongs to an account");
}
