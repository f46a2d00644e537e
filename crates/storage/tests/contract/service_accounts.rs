//! The `service_accounts` and `service_account_permissions` tables.

use domain::{Permission, ServiceAccount, ServiceAccountId};
use storage::{Error, Result, Store, UniqueKey, service_accounts};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    every_column_is_read_back,
    a_secret_is_replaced_and_the_one_before_is_kept,
    a_use_is_noted_once_in_a_while,
    a_deleted_service_is_gone_and_frees_its_name,
    permissions_are_replaced_as_a_whole,
    permissions_of_newer_releases_are_passed_over,
);

async fn insert(store: &Store, service: &ServiceAccount) -> Result<()> {
    storage::transact!(store, |tx| { service_accounts::insert(tx, service, &[7; 32]).await? })
}

async fn find(store: &Store, id: ServiceAccountId) -> Option<ServiceAccount> {
    let mut read = store.read().await.expect("a connection");
    service_accounts::find(&mut read, id).await.expect("an answer")
}

async fn secrets(store: &Store, id: ServiceAccountId) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
    let mut read = store.read().await.expect("a connection");
    let secrets = service_accounts::secrets(&mut read, id).await.expect("an answer");
    secrets.map(|secrets| (secrets.current, secrets.previous))
}

async fn every_column_is_read_back(database: Database) {
    let store = &database.store;
    let by_operator = given::service("b");
    let by_ann = ServiceAccount { created_by: Some(given::user_id()), ..given::service("a") };
    for service in [&by_operator, &by_ann] {
        insert(store, service).await.expect("inserted");
        assert_eq!(find(store, service.id).await.as_ref(), Some(service));
        assert_eq!(secrets(store, service.id).await, Some((vec![7; 32], None)));
    }
    let mut read = store.read().await.expect("a connection");
    let listed = service_accounts::list(&mut read).await.expect("an answer");
    assert_eq!(listed, [by_ann, by_operator.clone()], "by name");
    let named = service_accounts::find_by_name(&mut read, "b").await.expect("an answer");
    assert_eq!(named, Some(by_operator));
    for other in ["B", "b ", "c", "", "ж"] {
        let named = service_accounts::find_by_name(&mut read, other).await.expect("an answer");
        assert_eq!(named, None, "{other}");
    }
    let unknown = ServiceAccountId::new(NOW, given::chance());
    assert_eq!(find(store, unknown).await, None);
    assert_eq!(secrets(store, unknown).await, None);
}

async fn a_secret_is_replaced_and_the_one_before_is_kept(database: Database) {
    let store = &database.store;
    let service = given::service("a");
    insert(store, &service).await.expect("inserted");
    for (number, previous) in [(8, 7), (9, 8)] {
        let (until, now) = (later(100 + u64::from(number)), later(u64::from(number)));
        let rotated: Result<bool> = storage::transact!(store, |tx| {
            service_accounts::rotate(tx, service.id, &[number; 32], until, now).await?
        });
        assert!(rotated.expect("an answer"));
        let expected = (vec![number; 32], Some(vec![previous; 32]));
        assert_eq!(secrets(store, service.id).await, Some(expected));
        let found = find(store, service.id).await.expect("it is there");
        assert_eq!((found.rotated_at, found.previous_until), (Some(now), Some(until)));
    }
}

async fn a_use_is_noted_once_in_a_while(database: Database) {
    let store = &database.store;
    let service = given::service("a");
    insert(store, &service).await.expect("inserted");
    for (now, expected) in [(100, 100), (159, 100), (160, 100), (161, 161)] {
        let (at, since) = (later(now), later(now - 60));
        let touched: Result<()> = storage::transact!(store, |tx| {
            service_accounts::touch(tx, service.id, at, since).await?;
        });
        touched.expect("an answer");
        let found = find(store, service.id).await.expect("it is there");
        assert_eq!(found.last_used_at, Some(later(expected)), "{now}");
    }
}

async fn a_deleted_service_is_gone_and_frees_its_name(database: Database) {
    let store = &database.store;
    let service = given::service("a");
    insert(store, &service).await.expect("inserted");
    let again = insert(store, &given::service("a")).await;
    assert!(matches!(again, Err(Error::Conflict(UniqueKey::ServiceName))), "{again:?}");
    for expected in [true, false] {
        let revoked: Result<bool> = storage::transact!(store, |tx| {
            service_accounts::revoke(tx, service.id, later(1)).await?
        });
        assert_eq!(revoked.expect("an answer"), expected);
        assert_eq!(find(store, service.id).await, None);
        assert_eq!(secrets(store, service.id).await, None);
    }
    let rotated: Result<bool> = storage::transact!(store, |tx| {
        service_accounts::rotate(tx, service.id, &[1; 32], NOW, NOW).await?
    });
    assert!(!rotated.expect("an answer"));
    let kept = Raw::connect(&database)
        .await
        .number("SELECT COUNT(*) FROM service_accounts WHERE name = 'a' AND revoked_at > 0")
        .await;
    assert_eq!(kept, 1, "who it was can still be found out");
    insert(store, &given::service("a")).await.expect("the name is free");
}

async fn permissions_are_replaced_as_a_whole(database: Database) {
    let store = &database.store;
    let (service, other) = (given::service("a"), given::service("b"));
    insert(store, &service).await.expect("inserted");
    insert(store, &other).await.expect("inserted");
    for permissions in [vec![Permission::EventsRead], vec![], Permission::OF_SERVICES.to_vec()] {
        let replaced: Result<()> = storage::transact!(store, |tx| {
            let found = service_accounts::find_locked(tx, service.id).await?;
            assert!(found.is_some());
            service_accounts::set_permissions(tx, service.id, &permissions).await?;
        });
        replaced.expect("replaced");
        let found = find(store, service.id).await.expect("it is there");
        assert_eq!(found.permissions, permissions);
    }
    assert_eq!(find(store, other.id).await, Some(other));
}

async fn permissions_of_newer_releases_are_passed_over(database: Database) {
    let store = &database.store;
    let service = given::service("a");
    insert(store, &service).await.expect("inserted");
    Raw::connect(&database)
        .await
        .execute(
            "INSERT INTO service_account_permissions (service_id, permission) \
             SELECT id, 'moon:walk' FROM service_accounts",
        )
        .await;
    assert_eq!(find(store, service.id).await, Some(service));
}
