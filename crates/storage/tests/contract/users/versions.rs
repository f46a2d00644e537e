//! What was decided on an older reading is stale.

use domain::User;
use storage::{Error, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, later};

on_every_backend!(Database::fresh =>
    a_change_counts_and_makes_older_readings_stale,
    a_change_of_security_counts_twice,
    a_change_of_roles_counts_three_times,
    a_sign_in_is_stale_only_after_a_change_of_security,
    a_change_that_changes_nothing_still_counts_as_done,
);

async fn a_change_counts_and_makes_older_readings_stale(database: Database) {
    let store = &database.store;
    let first = given::ann(store).await;
    let changed: storage::Result<()> =
        storage::transact!(store, |tx| { users::change(tx, &first, later(1)).await? });
    changed.expect("a change");
    let second = given::read(store, first.id).await;
    assert_eq!(second, User { version: 2, updated_at: later(1), ..first.clone() });

    let mut tx = store.write().await.expect("a transaction");
    let stale = users::change(&mut tx, &first, later(2)).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    let stale = users::change_security(&mut tx, &first, later(2)).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    users::change(&mut tx, &second, later(2)).await.expect("the newest reading");
}

async fn a_change_of_security_counts_twice(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let changed: storage::Result<()> =
        storage::transact!(store, |tx| { users::change_security(tx, &ann, later(1)).await? });
    changed.expect("a change");
    let expected = User { version: 2, security_version: 2, updated_at: later(1), ..ann.clone() };
    assert_eq!(given::read(store, ann.id).await, expected);
}

async fn a_change_of_roles_counts_three_times(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let changed: storage::Result<()> =
        storage::transact!(store, |tx| { users::change_roles(tx, &ann, later(1)).await? });
    changed.expect("a change");
    let (version, security_version, roles_version) = (2, 2, 2);
    let expected =
        User { version, security_version, roles_version, updated_at: later(1), ..ann.clone() };
    assert_eq!(given::read(store, ann.id).await, expected);
}

async fn a_sign_in_is_stale_only_after_a_change_of_security(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let mut tx = store.write().await.expect("a transaction");
    users::change(&mut tx, &ann, later(1)).await.expect("a change");
    users::record_sign_in(&mut tx, &ann, later(2)).await.expect("an edit does not matter");
    let edited = users::find(&mut tx, ann.id).await.expect("an answer").expect("an account");
    assert_eq!(edited.last_login_at, Some(later(2)));
    users::change_security(&mut tx, &edited, later(3)).await.expect("a change");
    let stale = users::record_sign_in(&mut tx, &ann, later(4)).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
}

async fn a_change_that_changes_nothing_still_counts_as_done(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let mut tx = store.write().await.expect("a transaction");
    for _ in 0..2 {
        // MySQL alone could count changed instead of matched rows, and call the second stale.
        users::record_sign_in(&mut tx, &ann, later(1)).await.expect("not stale");
    }
}
