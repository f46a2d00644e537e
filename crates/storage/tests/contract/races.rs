//! REG-10: of many that want one key at once, one has it and the others are told.

use std::sync::Arc;
use std::time::Duration;

use domain::UserId;
use storage::{Error, Result, Store, UniqueKey};
use testkit::{Database, on_every_backend};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::given;
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    fifty_registrations_of_one_address_make_one_account,
    fifty_rivals_of_one_that_rolls_back_make_one_account,
);

const SPELLINGS: [&str; 5] = [
    "josé@bücher.example",
    "JOSÉ@bücher.example",
    "jose\u{301}@BÜCHER.example",
    "Jose\u{301}@xn--bcher-kva.example",
    "josÉ@bu\u{308}cher.example",
];

async fn register(store: &Store, spelling: &str) -> Result<UserId> {
    storage::transact!(store, |tx| { given::insert(tx, &given::mailed(spelling)).await? })
}

/// Two instances, so that the pool of one is not what makes them take turns.
async fn rivals(database: &Database, count: usize) -> JoinSet<Result<UserId>> {
    let stores = [database.connect_again().await, database.connect_again().await];
    let start = Arc::new(Barrier::new(count + 1));
    let mut rivals = JoinSet::new();
    for n in 0..count {
        let (store, start) = (stores[n % 2].clone(), Arc::clone(&start));
        rivals.spawn(async move {
            start.wait().await;
            register(&store, SPELLINGS[n % SPELLINGS.len()]).await
        });
    }
    start.wait().await;
    rivals
}

async fn one_of(rivals: JoinSet<Result<UserId>>, database: &Database) {
    let mut winners = 0;
    for outcome in rivals.join_all().await {
        match outcome {
            Ok(_) => winners += 1,
            Err(Error::Conflict(UniqueKey::Email)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(winners, 1);
    let rows = Raw::connect(database).await.number("SELECT COUNT(*) FROM users").await;
    assert_eq!(rows, 1);
}

async fn fifty_registrations_of_one_address_make_one_account(database: Database) {
    let rivals = rivals(&database, 50).await;
    one_of(rivals, &database).await;
}

async fn fifty_rivals_of_one_that_rolls_back_make_one_account(database: Database) {
    let mut first = database.store.write().await.expect("a transaction");
    given::insert(&mut first, &given::mailed(SPELLINGS[0])).await.expect("the first");
    let mut rivals = rivals(&database, 50).await;
    // Long enough for the others to queue behind the key; none can be done before.
    let early = tokio::time::timeout(Duration::from_millis(200), rivals.join_next()).await;
    assert!(early.is_err(), "a rival was answered while the key was undecided: {early:?}");
    drop(first);
    one_of(rivals, &database).await;
}
