//! Blocked, deleted, restored, purged.

use domain::user::Identifiers;
use domain::{Status, User};
use storage::{Error, UniqueKey, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    a_blocked_account_is_unblocked_as_it_was,
    who_was_blocked_is_blocked_again_when_restored,
    a_deleted_account_holds_its_identifiers_and_is_restored_as_it_was,
    freed_identifiers_are_there_for_others,
    a_purge_leaves_a_shell_that_its_token_still_finds,
    an_unknown_status_is_corrupt,
);

fn everything() -> Identifiers {
    Identifiers {
        username: Some(given::username("ann")),
        email: Some(given::email("ann@example.org")),
        phone: Some(given::phone("+15550100")),
    }
}

async fn a_blocked_account_is_unblocked_as_it_was(database: Database) {
    let ann = given::ann(&database.store).await;
    let blocked: storage::Result<()> =
        storage::transact!(database.store, |tx| { users::block(tx, ann.id, later(1)).await? });
    blocked.expect("the account is blocked");
    let expected = User { status: Status::Blocked { until: None }, ..ann.clone() };
    assert_eq!(given::read(&database.store, ann.id).await, expected);
    let unblocked: storage::Result<()> =
        storage::transact!(database.store, |tx| { users::unblock(tx, ann.id).await? });
    unblocked.expect("the account is unblocked");
    assert_eq!(given::read(&database.store, ann.id).await, ann);
}

async fn who_was_blocked_is_blocked_again_when_restored(database: Database) {
    let ann = given::ann(&database.store).await;
    let done: storage::Result<()> = storage::transact!(database.store, |tx| {
        users::block(tx, ann.id, later(1)).await?;
        users::delete(tx, ann.id, later(2), later(9), Some(b"digest")).await?;
        users::restore(tx, ann.id).await?;
    });
    done.expect("written");
    assert_eq!(given::read(&database.store, ann.id).await.status, Status::Blocked { until: None });
}

async fn a_deleted_account_holds_its_identifiers_and_is_restored_as_it_was(database: Database) {
    let store = &database.store;
    let ann = given::user(store, &everything()).await;
    let deleted: storage::Result<()> = storage::transact!(store, |tx| {
        users::delete(tx, ann.id, later(0), later(9), Some(b"digest")).await?;
    });
    deleted.expect("the account is deleted");
    let expected = User { status: Status::Deleted { purge_at: later(9) }, ..ann.clone() };
    assert_eq!(given::read(store, ann.id).await, expected);
    let again: storage::Result<_> = storage::transact!(store, |tx| {
        given::insert(tx, &given::mailed("ann@example.org")).await?
    });
    assert!(matches!(again, Err(Error::Conflict(UniqueKey::Email))), "{again:?}");

    let restored: storage::Result<()> =
        storage::transact!(store, |tx| { users::restore(tx, ann.id).await? });
    restored.expect("the account is restored");
    assert_eq!(given::read(store, ann.id).await, ann);
    let mut read = store.read().await.expect("a connection");
    let spent = users::find_by_restoration(&mut read, b"digest").await.expect("an answer");
    assert_eq!(spent, None);
}

async fn freed_identifiers_are_there_for_others(database: Database) {
    let store = &database.store;
    let ann = given::user(store, &everything()).await;
    let freed: storage::Result<()> =
        storage::transact!(store, |tx| { users::free_identifiers(tx, ann.id).await? });
    freed.expect("the identifiers are freed");
    let other = given::user(store, &everything()).await;
    assert_ne!(other.id, ann.id);
    let nameless = User { username: None, email: None, phone: None, ..ann.clone() };
    assert_eq!(given::read(store, ann.id).await, nameless);
}

async fn a_purge_leaves_a_shell_that_its_token_still_finds(database: Database) {
    let store = &database.store;
    let ann = given::user(store, &everything()).await;
    let purged: storage::Result<()> = storage::transact!(store, |tx| {
        users::record_sign_in(tx, &ann, later(1)).await?;
        users::set_pending_email(tx, ann.id, Some(&given::email("next@example.org"))).await?;
        users::delete(tx, ann.id, later(0), later(9), Some(b"digest")).await?;
        users::purge(tx, ann.id).await?;
    });
    purged.expect("the account is purged");
    let shell =
        User { status: Status::Purged, username: None, email: None, phone: None, ..ann.clone() };
    assert_eq!(given::read(store, ann.id).await, shell);
    let mut read = store.read().await.expect("a connection");
    let found = users::find_by_restoration(&mut read, b"digest").await.expect("an answer");
    assert_eq!(found, Some(shell));
    given::user(store, &everything()).await;
}

async fn an_unknown_status_is_corrupt(database: Database) {
    let ann = given::ann(&database.store).await;
    let mut raw = Raw::connect(&database).await;
    let mut read = database.store.read().await.expect("a connection");
    raw.execute("UPDATE users SET status = 'dormant'").await;
    let unknown = users::find(&mut read, ann.id).await;
    assert!(matches!(unknown, Err(Error::Corrupt { table: "users", column: "status" })));
    raw.execute("UPDATE users SET status = 'deleted', purge_at = NULL").await;
    let endless = users::find(&mut read, ann.id).await;
    assert!(matches!(endless, Err(Error::Corrupt { table: "users", column: "purge_at" })));
}
