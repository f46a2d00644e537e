//! The `known_devices` table.

use storage::{Result, known_devices};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    a_device_is_known_while_it_is_seen,
    a_device_belongs_to_an_account,
);

/// Bytes that are no text in any character set.
const ONE: [u8; 32] = [0xff; 32];
const OTHER: [u8; 32] = [0; 32];

async fn a_device_is_known_while_it_is_seen(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    let mut tx = store.write().await.expect("a transaction");
    let seen = known_devices::see_again(&mut tx, ann, &ONE, NOW, NOW).await;
    assert!(!seen.expect("an answer"));
    known_devices::insert(&mut tx, ann, &ONE, later(10)).await.expect("inserted");
    for (id, fingerprint, since, expected) in [
        (ann, ONE, 10, true),
        (ann, ONE, 20, true),
        (ann, ONE, 21, false),
        (ann, OTHER, 0, false),
        (bob, ONE, 0, false),
    ] {
        let seen = known_devices::see_again(&mut tx, id, &fingerprint, later(20), later(since));
        assert_eq!(seen.await.expect("an answer"), expected, "{since}");
    }
    let count = known_devices::count_new(&mut tx, ann, later(9)).await.expect("a count");
    assert_eq!(count, 1);
    // Unseen for too long, it is new once more.
    known_devices::insert(&mut tx, ann, &ONE, later(30)).await.expect("inserted again");
    known_devices::insert(&mut tx, bob, &ONE, later(40)).await.expect("inserted");
    for (since, expected) in [(29, 1), (30, 0)] {
        let count = known_devices::count_new(&mut tx, ann, later(since)).await.expect("a count");
        assert_eq!(count, expected, "{since}");
    }
    assert_eq!(known_devices::delete_unseen(&mut tx, later(30)).await.expect("done"), 0);
    assert_eq!(known_devices::delete_unseen(&mut tx, later(31)).await.expect("done"), 1);
    known_devices::delete_of_user(&mut tx, bob).await.expect("deleted");
    let count = known_devices::count_new(&mut tx, bob, NOW).await.expect("a count");
    assert_eq!(count, 0);
}

async fn a_device_belongs_to_an_account(database: Database) {
    let nobody = given::user_id();
    let nobodys: Result<()> = storage::transact!(database.store, |tx| {
        known_devices::insert(tx, nobody, &ONE, NOW).await?;
    });
    nobodys.expect_err("there is no such account");
}
