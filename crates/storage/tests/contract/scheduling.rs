//! The `schedules` table: of many instances one promises the next run.

use storage::schedules::{self, Schedule};
use storage::{Result, Store};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given::later;

on_every_backend!(Database::fresh =>
    of_many_that_begin_one_is_first,
    of_many_that_go_on_one_is_first,
);

fn due(second: u64) -> Schedule {
    Schedule { cron: "0 * * * *".to_owned(), due_at: later(second) }
}

async fn advance(store: Store, last: Option<Schedule>, next: Schedule) -> bool {
    let outcome: Result<bool> = storage::transact!(store, |tx| {
        match &last {
            Some(last) => schedules::advance(tx, "sweep", last, &next).await?,
            None => schedules::insert(tx, "sweep", &next).await?,
        }
    });
    outcome.expect("an answer")
}

/// How many of eight were first.
async fn race(database: &Database, last: Option<Schedule>, next: &Schedule) -> usize {
    let mut rivals = JoinSet::new();
    for _ in 0..8 {
        rivals.spawn(advance(database.store.clone(), last.clone(), next.clone()));
    }
    rivals.join_all().await.into_iter().filter(|was_first| *was_first).count()
}

async fn found(database: &Database) -> Option<Schedule> {
    let mut read = database.store.read().await.expect("a connection");
    schedules::find(&mut read, "sweep").await.expect("an answer")
}

async fn of_many_that_begin_one_is_first(database: Database) {
    assert_eq!(found(&database).await, None);
    assert_eq!(race(&database, None, &due(10)).await, 1);
    assert_eq!(found(&database).await, Some(due(10)));
}

async fn of_many_that_go_on_one_is_first(database: Database) {
    race(&database, None, &due(10)).await;
    assert_eq!(race(&database, Some(due(10)), &due(20)).await, 1);
    assert_eq!(race(&database, Some(due(10)), &due(30)).await, 0, "whoever comes late");
    assert_eq!(found(&database).await, Some(due(20)));
}
