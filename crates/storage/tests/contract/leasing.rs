//! The `jobs` table: one worker at a time.

use std::collections::HashSet;

use domain::JobId;
use storage::jobs::{self, Lane, LeasedJob, NewJob};
use storage::{Result, Store};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given::later;
use crate::jobs::{again, insert, job, lease};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    what_is_due_the_longest_is_leased_first,
    two_workers_lease_each_of_a_hundred_jobs_once,
    a_lane_has_workers_of_its_own,
    a_job_that_is_handed_back_is_as_if_nobody_had_taken_it,
    a_worker_that_was_overtaken_changes_nothing,
    a_postponed_job_comes_back_at_its_time,
    a_parked_job_waits_for_a_person,
);

async fn what_is_due_the_longest_is_leased_first(database: Database) {
    let store = &database.store;
    let jobs = [3, 1, 2].map(job);
    for job in &jobs {
        insert(store, job).await;
    }
    for expected in [1, 2, 0] {
        assert_eq!(lease(store, 9).await.expect("a job").id, jobs[expected].id);
    }
    assert!(lease(store, 9).await.is_none());
}

async fn work(store: Store) -> Vec<JobId> {
    let mut done = Vec::new();
    while let Some(job) = lease(&store, 1).await {
        let finished: Result<bool> =
            storage::transact!(store, |tx| { jobs::finish(tx, &job, later(2), None).await? });
        assert!(finished.expect("an answer"));
        done.push(job.id);
    }
    done
}

async fn two_workers_lease_each_of_a_hundred_jobs_once(database: Database) {
    let inserted: Result<()> = storage::transact!(database.store, |tx| {
        for _ in 0..100 {
            jobs::insert(tx, &job(1)).await?;
        }
    });
    inserted.expect("the jobs are inserted");
    let mut workers = JoinSet::new();
    workers.spawn(work(database.store.clone()));
    workers.spawn(work(database.connect_again().await));
    let done = workers.join_all().await.concat();
    assert_eq!(done.len(), 100);
    assert_eq!(done.into_iter().collect::<HashSet<_>>().len(), 100);
}

async fn a_worker_that_was_overtaken_changes_nothing(database: Database) {
    let store = &database.store;
    insert(store, &job(1)).await;
    let slow = lease(store, 1).await.expect("a job");
    let release = async |second| {
        let released: Result<u64> =
            storage::transact!(store, |tx| { jobs::release_expired(tx, later(second)).await? });
        released.expect("an answer")
    };
    assert_eq!(release(11).await, 0, "the lease lasts until its last moment");
    assert_eq!(release(12).await, 1);
    for overtaker in [None, lease(store, 12).await] {
        let mut tx = store.write().await.expect("a transaction");
        assert!(!jobs::finish(&mut tx, &slow, later(3), None).await.expect("an answer"));
        assert!(!jobs::retry(&mut tx, &slow, again(3, "late")).await.expect("an answer"));
        assert!(!jobs::park(&mut tx, &slow, later(3), "late").await.expect("an answer"));
        assert!(!jobs::hand_back(&mut tx, &slow, later(3)).await.expect("an answer"));
        assert!(!jobs::is_held(&mut tx, &slow).await.expect("an answer"));
        if let Some(overtaker) = overtaker {
            assert_eq!((overtaker.attempts, overtaker.lease), (2, 2));
            assert!(jobs::finish(&mut tx, &overtaker, later(4), None).await.expect("an answer"));
        }
    }
}

async fn a_postponed_job_comes_back_at_its_time(database: Database) {
    let store = &database.store;
    insert(store, &job(1)).await;
    let first = lease(store, 1).await.expect("a job");
    let postponed: Result<bool> = storage::transact!(store, |tx| {
        jobs::retry(tx, &first, again(5, &"no: 😀".repeat(20_000))).await?
    });
    assert!(postponed.expect("an answer"));
    assert!(lease(store, 4).await.is_none());
    let second = lease(store, 5).await.expect("a job");
    assert_eq!((second.id, second.attempts), (first.id, 2));
    let mut tx = store.write().await.expect("a transaction");
    assert!(!jobs::finish(&mut tx, &first, later(6), None).await.expect("an answer"));
}

async fn a_parked_job_waits_for_a_person(database: Database) {
    let store = &database.store;
    insert(store, &job(1)).await;
    let leased = lease(store, 1).await.expect("a job");
    let parked: Result<bool> =
        storage::transact!(store, |tx| { jobs::park(tx, &leased, later(2), "never").await? });
    assert!(parked.expect("an answer"));
    assert!(lease(store, 1_000_000).await.is_none());
    let parked = "SELECT COUNT(*) FROM jobs WHERE state = 'parked' AND last_error = 'never'";
    assert_eq!(Raw::connect(&database).await.number(parked).await, 1);
}

async fn a_lane_has_workers_of_its_own(database: Database) {
    let store = &database.store;
    for lane in Lane::ALL {
        insert(store, &NewJob { lane, kind: lane.as_str(), ..job(1) }).await;
    }
    for lane in [Lane::Text, Lane::Mail, Lane::Work] {
        let mut read = store.read().await.expect("a connection");
        assert!(jobs::is_due(&mut read, lane, later(1)).await.expect("an answer"));
        drop(read);
        let lease = async || {
            let leased: Result<Option<LeasedJob>> = storage::transact!(store, |tx| {
                jobs::lease_next(tx, lane, later(1), later(11)).await?
            });
            leased.expect("an answer")
        };
        assert_eq!(lease().await.expect("a job").kind, lane.as_str());
        assert!(lease().await.is_none(), "those of other lanes are for others");
    }
}

async fn a_job_that_is_handed_back_is_as_if_nobody_had_taken_it(database: Database) {
    let store = &database.store;
    insert(store, &job(1)).await;
    let first = lease(store, 1).await.expect("a job");
    let mut read = store.read().await.expect("a connection");
    assert!(jobs::is_held(&mut read, &first).await.expect("an answer"));
    drop(read);
    let given_back: Result<bool> =
        storage::transact!(store, |tx| { jobs::hand_back(tx, &first, later(1)).await? });
    assert!(given_back.expect("an answer"));
    let second = lease(store, 1).await.expect("due at once");
    assert_eq!((second.id, second.attempts, second.lease), (first.id, 1, 2));
}
