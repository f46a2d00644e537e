//! What runs out first is seen before it does.

use std::time::Duration;

use testkit::{Database, on_every_backend};

on_every_backend!(Database::fresh => connections_count_as_used_while_they_are_taken);

async fn connections_count_as_used_while_they_are_taken(database: Database) {
    let store = &database.store;
    let used = || store.pool_use().iter().map(|pool| pool.used).sum::<u32>();
    // Who lets go of a connection does not wait until the pool has it back.
    let all_are_back = async || {
        while used() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let patience = Duration::from_secs(10);
    tokio::time::timeout(patience, all_are_back()).await.expect("at the beginning none is taken");
    let read = store.read().await.expect("a connection");
    let tx = store.write().await.expect("a transaction");
    assert_eq!(used(), 2);
    for pool in store.pool_use() {
        assert!(pool.used + pool.idle <= pool.max, "{pool:?}");
    }
    drop((read, tx));
    tokio::time::timeout(patience, all_are_back()).await.expect("all were given back");
}
