//! The `roles`, `role_permissions` and `user_roles` tables.

use domain::{Permission, RoleName, UserId};
use storage::{Error, Result, Store, roles, users};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    the_built_in_roles_are_there,
    a_role_exists_only_as_it_is_spelt,
    permissions_of_all_roles_are_united,
    permissions_of_newer_releases_are_passed_over,
    a_role_is_granted_once_and_revoked_once,
    of_twenty_grants_at_once_one_is_new,
    a_role_that_does_not_exist_is_not_granted,
    only_active_holders_count,
);

fn role(name: &str) -> RoleName {
    RoleName::new(name)
}

async fn grant(store: &Store, id: UserId, name: &str) -> Result<bool> {
    storage::transact!(store, |tx| { roles::grant(tx, id, &role(name), NOW).await? })
}

/// All that there is for people.
fn everything() -> Vec<Permission> {
    Permission::ALL.iter().copied().filter(|permission| !permission.is_of_services()).collect()
}

async fn the_built_in_roles_are_there(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let moderator = vec![Permission::UsersRead, Permission::UsersBlock];
    for (name, expected) in
        [("admin", everything()), ("moderator", moderator), ("user", Vec::new())]
    {
        let mut tx = store.write().await.expect("a transaction");
        assert!(roles::exists(&mut tx, &role(name)).await.expect("an answer"), "{name}");
        assert!(roles::grant(&mut tx, ann.id, &role(name), NOW).await.expect("an answer"));
        let held = roles::of_user(&mut tx, ann.id).await.expect("an answer");
        assert_eq!((held.roles, held.permissions), (vec![role(name)], expected));
    }
    let built_in = Raw::connect(&database)
        .await
        .number("SELECT COUNT(*) FROM roles WHERE built_in = 1 AND description <> ''")
        .await;
    assert_eq!(built_in, 3);
}

async fn a_role_exists_only_as_it_is_spelt(database: Database) {
    let mut read = database.store.read().await.expect("a connection");
    for name in ["Admin", "admin ", "ádmin", "админ", "😀", "", "admin\u{301}"] {
        assert!(!roles::exists(&mut read, &role(name)).await.expect("an answer"), "{name}");
    }
}

async fn permissions_of_all_roles_are_united(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    for name in ["user", "moderator", "admin"] {
        assert!(grant(store, ann.id, name).await.expect("an answer"));
    }
    let user = given::read(store, ann.id).await;
    assert_eq!(user.roles, ["admin", "moderator", "user"].map(role));
    assert_eq!(user.permissions, everything());
}

async fn permissions_of_newer_releases_are_passed_over(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    grant(store, ann.id, "user").await.expect("an answer");
    Raw::connect(&database)
        .await
        .execute("INSERT INTO role_permissions (role, permission) VALUES ('user', 'moon:walk')")
        .await;
    let user = given::read(store, ann.id).await;
    assert_eq!((user.roles, user.permissions), (vec![role("user")], Vec::new()));
}

async fn a_role_is_granted_once_and_revoked_once(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let bob = given::user(store, &given::named("bob")).await;
    let mut tx = store.write().await.expect("a transaction");
    let admin = role("admin");
    roles::grant(&mut tx, bob.id, &admin, NOW).await.expect("an answer");
    assert!(roles::grant(&mut tx, ann.id, &admin, NOW).await.expect("an answer"));
    for at in [NOW, later(1)] {
        assert!(!roles::grant(&mut tx, ann.id, &admin, at).await.expect("an answer"));
    }
    assert!(roles::revoke(&mut tx, ann.id, &admin).await.expect("an answer"));
    assert!(!roles::revoke(&mut tx, ann.id, &admin).await.expect("an answer"));
    assert_eq!(roles::count_active(&mut tx, &admin).await.expect("an answer"), 1);
    roles::revoke_all(&mut tx, bob.id).await.expect("an answer");
    assert_eq!(roles::count_active(&mut tx, &admin).await.expect("an answer"), 0);
}

async fn of_twenty_grants_at_once_one_is_new(database: Database) {
    let ann = given::ann(&database.store).await;
    let mut rivals = JoinSet::new();
    for _ in 0..20 {
        let (store, id) = (database.store.clone(), ann.id);
        rivals.spawn(async move { grant(&store, id, "admin").await.expect("an answer") });
    }
    let granted = rivals.join_all().await;
    assert_eq!(granted.into_iter().filter(|&granted| granted).count(), 1);
}

async fn a_role_that_does_not_exist_is_not_granted(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let unknown = grant(store, ann.id, "emperor").await;
    assert!(matches!(unknown, Err(Error::Driver { .. })), "{unknown:?}");
    let nobody = grant(store, given::user_id(), "admin").await;
    assert!(matches!(nobody, Err(Error::Driver { .. })), "{nobody:?}");
    assert_eq!(given::read(store, ann.id).await.roles, []);
}

async fn only_active_holders_count(database: Database) {
    let store = &database.store;
    let mut holders = Vec::new();
    for name in ["ann", "bob", "cid", "dan"] {
        let user = given::user(store, &given::named(name)).await;
        grant(store, user.id, "admin").await.expect("an answer");
        holders.push(user.id);
    }
    let mut tx = store.write().await.expect("a transaction");
    roles::lock(&mut tx, &role("admin")).await.expect("locked");
    users::block(&mut tx, holders[0], NOW).await.expect("blocked");
    users::delete(&mut tx, holders[1], NOW, later(1), None).await.expect("deleted");
    users::purge(&mut tx, holders[2]).await.expect("purged");
    let count = async |tx: &mut storage::Tx, name| {
        roles::count_active(tx, &role(name)).await.expect("an answer")
    };
    assert_eq!(count(&mut tx, "admin").await, 1);
    assert_eq!(count(&mut tx, "moderator").await, 0);
}
