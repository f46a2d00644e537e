//! Numbers of accounts grow and are never given twice.

use storage::users;
use testkit::{Database, on_every_backend};

use crate::given;
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    numbers_grow_and_never_return,
    numbers_never_return_even_when_rows_do_vanish,
);

async fn numbers_grow_and_never_return(database: Database) {
    let store = &database.store;
    let mut last = given::ann(store).await;
    for name in ["bob", "cid", "dan"] {
        let purged: storage::Result<()> =
            storage::transact!(store, |tx| { users::purge(tx, last.id).await? });
        purged.expect("the account is purged");
        // Whoever was refused may leave a gap, never a repetition.
        let mut refused = store.write().await.expect("a transaction");
        given::insert(&mut refused, &given::named(name)).await.expect("inserted");
        drop(refused);
        let next = given::user(store, &given::named(name)).await;
        assert!(next.number > last.number, "{} after {}", next.number, last.number);
        last = next;
    }
}

async fn numbers_never_return_even_when_rows_do_vanish(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let bob = given::user(store, &given::named("bob")).await;
    Raw::connect(&database).await.execute("DELETE FROM users").await;
    let again = given::ann(store).await;
    assert!(ann.number < bob.number && bob.number < again.number);
}
