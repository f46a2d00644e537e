//! What roles permit, and who held one that is gone.

use domain::{Permission, Role, RoleName, UserId};
use storage::revocations::{self, RecordedAt};
use storage::{Result, Store, role_definitions, role_departures, roles, users};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given::{self, NOW};

on_every_backend!(Database::fresh =>
    a_role_is_read_back_changed_and_deleted,
    of_twenty_roles_of_one_name_one_is_made,
    every_change_counts_on,
    holders_are_told_piece_by_piece,
    who_held_a_role_is_known_after_it_is_gone,
);

fn support() -> RoleName {
    RoleName::new("support")
}

async fn make(store: &Store, description: &str, permissions: &[Permission]) {
    let made: Result<()> = storage::transact!(store, |tx| {
        role_definitions::insert(tx, &support(), description).await?;
        for permission in permissions {
            role_definitions::permit(tx, &support(), *permission).await?;
        }
    });
    made.expect("made");
}

async fn known(store: &Store) -> Option<Role> {
    let mut read = store.read().await.expect("a connection");
    role_definitions::find(&mut read, &support()).await.expect("an answer")
}

async fn holder(store: &Store, name: &str) -> UserId {
    let id = given::user(store, &given::named(name)).await.id;
    let granted: Result<bool> =
        storage::transact!(store, |tx| { roles::grant(tx, id, &support(), NOW).await? });
    assert!(granted.expect("granted"));
    id
}

async fn a_role_is_read_back_changed_and_deleted(database: Database) {
    let store = &database.store;
    let longest = "😀".repeat(255);
    make(store, &longest, &[Permission::UsersWrite, Permission::UsersRead]).await;
    let mut expected = Role {
        name: support(),
        description: longest,
        permissions: vec![Permission::UsersRead, Permission::UsersWrite],
        is_built_in: false,
    };
    assert_eq!(known(store).await, Some(expected.clone()));
    let changed: Result<()> = storage::transact!(store, |tx| {
        assert!(role_definitions::find_locked(tx, &support()).await?.is_some());
        role_definitions::describe(tx, &support(), "").await?;
        role_definitions::forbid(tx, &support(), Permission::UsersRead).await?;
    });
    changed.expect("changed");
    (expected.description, expected.permissions) = (String::new(), vec![Permission::UsersWrite]);
    assert_eq!(known(store).await, Some(expected));
    let mut read = store.read().await.expect("a connection");
    let listed = role_definitions::list(&mut read).await.expect("an answer");
    let names: Vec<&str> = listed.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["admin", "moderator", "support", "user"]);
    assert!(listed.iter().all(|role| role.is_built_in == (role.name != support())));
    assert_eq!(listed[0].permissions, Permission::of_roles().collect::<Vec<_>>());
    for name in ["Support", "support ", "admin\u{301}", ""] {
        let found = role_definitions::find(&mut read, &RoleName::new(name)).await;
        assert_eq!(found.expect("an answer"), None, "{name:?}");
    }
    drop(read);
    let deleted: Result<()> =
        storage::transact!(store, |tx| { role_definitions::delete(tx, &support()).await? });
    deleted.expect("deleted");
    assert_eq!(known(store).await, None);
}

async fn of_twenty_roles_of_one_name_one_is_made(database: Database) {
    let mut rivals = JoinSet::new();
    for _ in 0..20 {
        let store = database.store.clone();
        rivals.spawn(async move {
            let made: Result<bool> = storage::transact!(store, |tx| {
                let is_new = !roles::exists(tx, &support()).await?;
                if is_new {
                    role_definitions::insert(tx, &support(), "").await?;
                }
                is_new
            });
            made.expect("an answer")
        });
    }
    let made = rivals.join_all().await;
    assert_eq!(made.into_iter().filter(|&made| made).count(), 1);
}

async fn every_change_counts_on(database: Database) {
    let store = &database.store;
    let generation = async || {
        let mut read = store.read().await.expect("a connection");
        role_definitions::generation(&mut read).await.expect("an answer")
    };
    let first = generation().await;
    let mut rivals = JoinSet::new();
    for _ in 0..10 {
        let store = store.clone();
        rivals.spawn(async move {
            let next: Result<i64> =
                storage::transact!(store, |tx| { role_definitions::advance(tx).await? });
            next.expect("an answer")
        });
    }
    let mut numbers = rivals.join_all().await;
    numbers.sort_unstable();
    assert_eq!(numbers, (first + 1..=first + 10).collect::<Vec<_>>(), "no two are the same");
    assert_eq!(generation().await, first + 10);
}

async fn holders_are_told_piece_by_piece(database: Database) {
    let store = &database.store;
    make(store, "", &[]).await;
    let mut ids = Vec::new();
    for name in ["ann", "bob", "cid"] {
        ids.push(holder(store, name).await);
    }
    ids.sort_unstable();
    let mut tx = store.write().await.expect("a transaction");
    for (most, counted) in [(1, 1), (2, 2), (3, 3), (100, 3)] {
        let count = roles::count_holders(&mut tx, &support(), most).await;
        assert_eq!(count.expect("an answer"), counted);
    }
    let changed = revocations::now(&mut tx).await.expect("an answer");
    let nobody = UserId(uuid::Uuid::nil());
    let first = roles::untold_holders(&mut tx, &support(), nobody, changed, 2).await;
    assert_eq!(first.expect("an answer"), ids[..2]);
    let next = roles::untold_holders(&mut tx, &support(), ids[1], changed, 2).await;
    assert_eq!(next.expect("an answer"), ids[2..]);
    let user = users::find_locked(&mut tx, ids[0]).await.expect("an answer").expect("an account");
    users::change_roles(&mut tx, &user, NOW).await.expect("counted");
    let left = roles::untold_holders(&mut tx, &support(), nobody, changed, 9).await;
    assert_eq!(left.expect("an answer"), ids[1..], "whoever was counted on is right already");
    let RecordedAt(now) = revocations::now(&mut tx).await.expect("an answer");
    let later = RecordedAt(now + 60_000_000);
    let again = roles::untold_holders(&mut tx, &support(), nobody, later, 9).await;
    assert_eq!(again.expect("an answer"), ids);
}

async fn who_held_a_role_is_known_after_it_is_gone(database: Database) {
    let store = &database.store;
    make(store, "", &[Permission::UsersRead]).await;
    let mut ids = vec![holder(store, "ann").await, holder(store, "bob").await];
    ids.sort_unstable();
    let mut tx = store.write().await.expect("a transaction");
    let taken = role_departures::take_from_all(&mut tx, 7, &support()).await;
    assert_eq!(taken.expect("taken"), 2);
    role_definitions::delete(&mut tx, &support()).await.expect("deleted");
    let list = async |tx: &mut storage::Tx, limit| {
        role_departures::list(tx, 7, limit).await.expect("an answer")
    };
    let expected: Vec<_> = ids.iter().map(|id| (*id, support())).collect();
    assert_eq!(list(&mut tx, 9).await, expected);
    assert_eq!(list(&mut tx, 1).await, expected[..1]);
    role_departures::delete(&mut tx, 7, ids[0]).await.expect("deleted");
    assert_eq!(list(&mut tx, 9).await, expected[1..]);
    assert_eq!(role_departures::list(&mut tx, 6, 9).await.expect("an answer"), []);
    for id in ids {
        let user = users::find(&mut tx, id).await.expect("an answer").expect("an account");
        assert_eq!((user.roles, user.permissions), (Vec::new(), Vec::new()));
    }
}
