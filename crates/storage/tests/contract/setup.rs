//! The `setup` table, and what closes it (AUZ-07).

use domain::RoleName;
use storage::setup::Setup;
use storage::{Result, Store, roles, setup};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};

on_every_backend!(Database::fresh =>
    a_token_is_offered_once_and_replaced_at_will,
    auz_07_the_first_administrator_closes_it_for_good,
);

/// Bytes that are no text in any character set.
const ONE: [u8; 32] = [0xff; 32];
const OTHER: [u8; 32] = [0; 32];

async fn offer(store: &Store, digest: &[u8], at: u64) -> bool {
    let offered: Result<bool> =
        storage::transact!(store, |tx| { setup::offer(tx, digest, later(at)).await? });
    offered.expect("an answer")
}

async fn replace(store: &Store, digest: &[u8], at: u64) -> bool {
    let replaced: Result<bool> =
        storage::transact!(store, |tx| { setup::replace(tx, digest, later(at)).await? });
    replaced.expect("an answer")
}

async fn find(store: &Store) -> Setup {
    setup::find(&mut store.read().await.expect("a connection")).await.expect("the row")
}

async fn a_token_is_offered_once_and_replaced_at_will(database: Database) {
    let store = &database.store;
    assert_eq!(find(store).await, Setup::default());
    assert!(offer(store, &ONE, 1).await);
    assert!(!offer(store, &OTHER, 2).await, "there is one");
    let open =
        Setup { token_digest: Some(ONE.to_vec()), token_made_at: Some(later(1)), closed_at: None };
    assert_eq!(find(store).await, open);
    assert!(replace(store, &OTHER, 3).await);
    assert_eq!(find(store).await.token_digest, Some(OTHER.to_vec()));
    let locked: Result<Setup> = storage::transact!(store, |tx| { setup::find_locked(tx).await? });
    assert_eq!(locked.expect("the row").token_made_at, Some(later(3)));
}

async fn auz_07_the_first_administrator_closes_it_for_good(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    assert!(offer(store, &ONE, 1).await);
    for (role, closed_at) in
        [(RoleName::USER, None), (RoleName::MODERATOR, None), (RoleName::ADMIN, Some(NOW))]
    {
        let granted: Result<bool> = storage::transact!(store, |tx| {
            roles::grant(tx, ann, &RoleName::new(role), NOW).await?
        });
        granted.expect("granted");
        assert_eq!(find(store).await.closed_at, closed_at, "{role}");
    }
    assert_eq!(find(store).await.token_digest, None, "the token is gone");
    let revoked: Result<bool> = storage::transact!(store, |tx| {
        roles::revoke(tx, ann, &RoleName::new(RoleName::ADMIN)).await?
    });
    revoked.expect("revoked");
    assert!(!offer(store, &OTHER, 2).await);
    assert!(!replace(store, &OTHER, 2).await);
    let again: Result<()> = storage::transact!(store, |tx| { setup::close(tx, later(9)).await? });
    again.expect("closing twice is no failure");
    let closed = Setup { closed_at: Some(NOW), ..Setup::default() };
    assert_eq!(find(store).await, closed);
}
