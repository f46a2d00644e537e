//! The `signing_keys` table.

use std::time::Duration;

use domain::{KeyId, Timestamp};
use storage::signing_keys::{self, StoredKey};
use storage::{Error, Result, Store, UniqueKey};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    every_column_is_read_back_in_order,
    of_two_instances_one_makes_a_generation,
    a_life_only_grows,
    a_key_begins_earlier_but_never_later,
    a_retired_key_stays_retired,
);

fn key(purpose: &str, generation: i64) -> StoredKey {
    StoredKey {
        id: KeyId::new(NOW, given::chance()),
        purpose: purpose.to_owned(),
        generation,
        algorithm: "RS256".to_owned(),
        issuer: "https://bücher.example/😀".to_owned(),
        // Longer than any RSA key.
        public_key: (0..=255).cycle().take(8_192).collect(),
        sealed_key: (0..=255).rev().cycle().take(16_384).collect(),
        created_at: NOW,
        active_from: later(1),
        longest_life: Duration::from_mins(30),
        retired_at: None,
    }
}

async fn insert(store: &Store, key: &StoredKey) -> Result<()> {
    storage::transact!(store, |tx| { signing_keys::insert(tx, key).await? })
}

async fn list(store: &Store) -> Vec<StoredKey> {
    let mut read = store.read().await.expect("a connection");
    signing_keys::list(&mut read).await.expect("an answer")
}

async fn every_column_is_read_back_in_order(database: Database) {
    let store = &database.store;
    assert!(list(store).await.is_empty());
    let mut keys = [key("refresh", 1), key("access", 10), key("access", 2)];
    for key in &keys {
        insert(store, key).await.expect("inserted");
    }
    keys.reverse();
    assert!(list(store).await == keys);
    Raw::connect(&database)
        .await
        .execute("UPDATE signing_keys SET retired_at = 1790000002123456 WHERE generation = 2")
        .await;
    let retired: Vec<Option<Timestamp>> =
        list(store).await.into_iter().map(|key| key.retired_at).collect();
    assert_eq!(retired, [Some(later(2)), None, None]);
}

async fn a_life_only_grows(database: Database) {
    let store = &database.store;
    let (key, other) = (key("access", 1), key("access", 2));
    insert(store, &key).await.expect("inserted");
    insert(store, &other).await.expect("inserted");
    for (life, expected) in [(1_799, 1_800), (1_801, 1_801), (60, 1_801)] {
        let life = Duration::from_secs(life);
        let extended: Result<()> =
            storage::transact!(store, |tx| { signing_keys::extend_life(tx, key.id, life).await? });
        extended.expect("an answer");
        let lives: Vec<u64> =
            list(store).await.iter().map(|key| key.longest_life.as_secs()).collect();
        assert_eq!(lives, [expected, 1_800]);
    }
}

async fn a_key_begins_earlier_but_never_later(database: Database) {
    let store = &database.store;
    let key = StoredKey { active_from: later(100), ..key("access", 1) };
    insert(store, &key).await.expect("inserted");
    for (by, expected) in [(200, 100), (50, 50), (70, 50)] {
        let begun: Result<()> = storage::transact!(store, |tx| {
            signing_keys::begin_by(tx, key.id, later(by)).await?;
        });
        begun.expect("an answer");
        assert_eq!(list(store).await[0].active_from, later(expected));
    }
}

async fn a_retired_key_stays_retired(database: Database) {
    let store = &database.store;
    let (key, other) = (key("access", 1), key("access", 2));
    insert(store, &key).await.expect("inserted");
    insert(store, &other).await.expect("inserted");
    for at in [1, 2] {
        let retired: Result<()> = storage::transact!(store, |tx| {
            signing_keys::retire(tx, key.id, later(at)).await?;
            signing_keys::begin_by(tx, key.id, NOW).await?;
        });
        retired.expect("an answer");
        let listed = list(store).await;
        let states = [listed[0].retired_at, listed[1].retired_at];
        assert_eq!((states, listed[0].active_from), ([Some(later(1)), None], later(1)));
    }
}

async fn of_two_instances_one_makes_a_generation(database: Database) {
    let stores = [database.store.clone(), database.connect_again().await];
    let keys = [key("access", 1), key("access", 1)];
    let outcomes = tokio::join!(insert(&stores[0], &keys[0]), insert(&stores[1], &keys[1]));
    let winner = match outcomes {
        (Ok(()), Err(Error::Conflict(UniqueKey::SigningKeyGeneration))) => &keys[0],
        (Err(Error::Conflict(UniqueKey::SigningKeyGeneration)), Ok(())) => &keys[1],
        other => panic!("{other:?}"),
    };
    assert!(list(&stores[0]).await == [winner.clone()]);
    insert(&stores[0], &key("access", 2)).await.expect("the next generation");
    insert(&stores[0], &key("refresh", 1)).await.expect("another purpose");
}
