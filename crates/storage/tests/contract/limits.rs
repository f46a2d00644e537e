//! The `rate_limits` and `proof_attempts` tables.

use domain::attempts::Attempts;
use domain::limit::Arrivals;
use storage::{PIECE, Result, Tx, proof_attempts, rate_limits};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    what_is_remembered_of_a_limit_is_read_back,
    limits_that_are_over_are_forgotten,
    every_count_of_guesses_is_read_back,
    guesses_are_forgotten_with_the_account_and_when_they_are_old,
    no_more_than_a_piece_is_deleted_at_once,
);

async fn what_is_remembered_of_a_limit_is_read_back(database: Database) {
    let mut tx = database.store.write().await.expect("a transaction");
    assert_eq!(rate_limits::find_locked(&mut tx, b"one").await.expect("an answer"), None);
    let first: Arrivals = [Some(NOW), None];
    let second: Arrivals = [Some(later(1)), Some(later(2))];
    rate_limits::insert(&mut tx, b"one", first).await.expect("inserted");
    rate_limits::insert(&mut tx, b"two", first).await.expect("inserted");
    rate_limits::update(&mut tx, b"two", second).await.expect("updated");
    for (bucket, arrivals) in [(b"one", first), (b"two", second)] {
        let found = rate_limits::find_locked(&mut tx, bucket).await.expect("an answer");
        assert_eq!(found, Some(arrivals));
    }
}

async fn limits_that_are_over_are_forgotten(database: Database) {
    let mut tx = database.store.write().await.expect("a transaction");
    rate_limits::insert(&mut tx, b"over", [Some(later(1)), Some(later(2))])
        .await
        .expect("inserted");
    rate_limits::insert(&mut tx, b"on", [Some(later(1)), Some(later(9))]).await.expect("inserted");
    assert_eq!(rate_limits::delete_over(&mut tx, later(5)).await.expect("swept"), 1);
    let found = rate_limits::find_locked(&mut tx, b"on").await.expect("an answer");
    assert!(found.is_some());
}

fn some(failures: i64) -> Attempts {
    Attempts {
        failures,
        in_flight: 2,
        slots_expire_at: later(1),
        blocked_until: later(2),
        braked: 3,
        braked_since: later(4),
        reported_at: later(5),
    }
}

async fn every_count_of_guesses_is_read_back(database: Database) {
    let ann = given::ann(&database.store).await;
    let mut tx = database.store.write().await.expect("a transaction");
    assert_eq!(proof_attempts::find_locked(&mut tx, b"a").await.expect("an answer"), None);
    proof_attempts::insert(&mut tx, b"a", Some(ann.id), &some(7), NOW).await.expect("inserted");
    assert_eq!(find(&mut tx, b"a").await, Some(some(7)));
    proof_attempts::update(&mut tx, b"a", &some(8), NOW).await.expect("updated");
    assert_eq!(find(&mut tx, b"a").await, Some(some(8)));
}

async fn guesses_are_forgotten_with_the_account_and_when_they_are_old(database: Database) {
    let store = &database.store;
    let (ann, bob) = (given::ann(store).await, given::user(store, &given::named("bob")).await);
    let mut tx = store.write().await.expect("a transaction");
    for (bucket, user, failures, at) in [
        (b"ann's", Some(ann.id), 3, NOW),
        (b"bob's", Some(bob.id), 3, NOW),
        (b"clean", Some(bob.id), 0, NOW),
        (b"nobod", None, 3, NOW),
        (b"newer", None, 3, later(9)),
    ] {
        proof_attempts::insert(&mut tx, bucket, user, &some(failures), at).await.expect("inserted");
    }
    proof_attempts::delete_of_user(&mut tx, ann.id).await.expect("deleted");
    assert_eq!(proof_attempts::delete_old(&mut tx, later(5)).await.expect("swept"), 2);
    for (bucket, is_there) in [
        (b"ann's", false),
        (b"bob's", true),
        (b"clean", false),
        (b"nobod", false),
        (b"newer", true),
    ] {
        assert_eq!(find(&mut tx, bucket).await.is_some(), is_there, "{bucket:?}");
    }
}

async fn no_more_than_a_piece_is_deleted_at_once(database: Database) {
    let mut tx = database.store.write().await.expect("a transaction");
    let count = usize::try_from(PIECE).expect("some") + 1;
    for number in 0..count {
        let bucket = number.to_be_bytes();
        rate_limits::insert(&mut tx, &bucket, [Some(NOW), None]).await.expect("inserted");
    }
    for left in [1000, 1, 0] {
        assert_eq!(rate_limits::delete_over(&mut tx, later(1)).await.expect("swept"), left);
    }
}

async fn find(tx: &mut Tx, bucket: &[u8]) -> Option<Attempts> {
    let found: Result<_> = proof_attempts::find_locked(tx, bucket).await;
    found.expect("an answer")
}
