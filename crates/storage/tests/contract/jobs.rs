//! The `jobs` table: promising work, and forgetting it.

use domain::{JobId, UserId};
use storage::jobs::{self, Lane, LeasedJob, NewJob, Retry, State};
use storage::{Result, Store};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    every_column_is_read_back,
    a_job_is_due_from_its_time_on,
    a_finished_job_keeps_neither_payload_nor_key,
    a_waiting_job_is_cancelled_and_a_running_one_is_not,
    lif_06_jobs_of_a_user_are_deleted_but_for_the_erasure_that_runs,
    finished_jobs_are_forgotten_after_their_time,
    the_fate_of_the_jobs_of_a_user_is_told,
    what_is_given_up_carries_nothing_any_more,
);

pub(crate) fn job(second: u64) -> NewJob<'static> {
    NewJob {
        id: JobId::new(NOW, given::chance()),
        kind: "test",
        message: None,
        unique_key: None,
        payload: b"",
        user_id: None,
        lane: Lane::Work,
        run_at: later(second),
        max_attempts: 3,
        now: NOW,
    }
}

pub(crate) fn again(second: u64, error: &str) -> Retry<'_> {
    Retry { run_at: later(second), max_attempts: 3, error }
}

pub(crate) async fn insert(store: &Store, job: &NewJob<'_>) {
    let inserted: Result<()> = storage::transact!(store, |tx| { jobs::insert(tx, job).await? });
    inserted.expect("the job is inserted");
}

/// Leases what is due at `second`, for ten seconds.
pub(crate) async fn lease(store: &Store, second: u64) -> Option<LeasedJob> {
    let leased: Result<Option<LeasedJob>> = storage::transact!(store, |tx| {
        jobs::lease_next(tx, Lane::Work, later(second), later(second + 10)).await?
    });
    leased.expect("an answer")
}

async fn every_column_is_read_back(database: Database) {
    let store = &database.store;
    let kind: &'static str = "k".repeat(64).leak();
    let payload: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let unique_key = "u".repeat(128);
    let ann = given::ann(store).await.id;
    let message: &'static str = "m".repeat(64).leak();
    let full = NewJob {
        kind,
        message: Some(message),
        unique_key: Some(&unique_key),
        payload: &payload,
        user_id: Some(ann),
        ..job(1)
    };
    insert(store, &full).await;
    let leased = lease(store, 1).await.expect("a job");
    let expected = LeasedJob {
        id: full.id,
        kind: kind.to_owned(),
        message: Some(message.to_owned()),
        payload,
        user_id: Some(ann),
        attempts: 1,
        max_attempts: 3,
        lease: 1,
        created_at: NOW,
    };
    assert!(leased == expected);
    let bare = job(2);
    insert(store, &bare).await;
    let leased = lease(store, 2).await.expect("a job");
    assert_eq!((leased.id, leased.user_id, leased.payload), (bare.id, None, Vec::new()));
    let hidden = "SELECT COUNT(*) FROM jobs WHERE state = 'running' \
                  AND created_at = 1790000000123456 AND run_at = 1790000001123456 \
                  AND leased_until = 1790000011123456 AND finished_at IS NULL";
    assert_eq!(Raw::connect(&database).await.number(hidden).await, 1);
}

async fn a_job_is_due_from_its_time_on(database: Database) {
    let store = &database.store;
    insert(store, &job(5)).await;
    let mut read = store.read().await.expect("a connection");
    assert!(!jobs::is_due(&mut read, Lane::Work, later(4)).await.expect("an answer"));
    assert!(lease(store, 4).await.is_none());
    assert!(jobs::is_due(&mut read, Lane::Work, later(5)).await.expect("an answer"));
    assert!(lease(store, 5).await.is_some());
    assert!(!jobs::is_due(&mut read, Lane::Work, later(6)).await.expect("an answer"));
    assert!(lease(store, 6).await.is_none());
}

async fn a_finished_job_keeps_neither_payload_nor_key(database: Database) {
    let store = &database.store;
    let once = NewJob { unique_key: Some("once"), payload: b"secret", ..job(1) };
    insert(store, &once).await;
    let leased = lease(store, 1).await.expect("a job");
    let finished: Result<bool> =
        storage::transact!(store, |tx| { jobs::finish(tx, &leased, later(2), None).await? });
    assert!(finished.expect("an answer"));
    let done = "SELECT COUNT(*) FROM jobs WHERE state = 'done' AND unique_key IS NULL \
                AND leased_until IS NULL AND finished_at IS NOT NULL AND LENGTH(payload) = 0";
    assert_eq!(Raw::connect(&database).await.number(done).await, 1);
    insert(store, &NewJob { id: job(1).id, ..once }).await;
}

async fn a_waiting_job_is_cancelled_and_a_running_one_is_not(database: Database) {
    let store = &database.store;
    let once = NewJob { unique_key: Some("once"), ..job(1) };
    insert(store, &once).await;
    insert(store, &NewJob { unique_key: Some("another"), ..job(9) }).await;
    let cancel = async || {
        let outcome: Result<()> =
            storage::transact!(store, |tx| { jobs::cancel(tx, "once").await? });
        outcome.expect("an answer");
    };
    cancel().await;
    assert!(lease(store, 1).await.is_none());

    insert(store, &once).await;
    let leased = lease(store, 1).await.expect("a job");
    cancel().await;
    let finished: Result<bool> =
        storage::transact!(store, |tx| { jobs::finish(tx, &leased, later(2), None).await? });
    assert!(finished.expect("an answer"), "the running job is still there");
    assert!(lease(store, 9).await.is_some(), "so is the one with another key");
}

async fn lif_06_jobs_of_a_user_are_deleted_but_for_the_erasure_that_runs(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let of = |user_id: Option<UserId>, second| NewJob { user_id, ..job(second) };
    insert(store, &NewJob { kind: "purge_account", ..of(Some(ann), 1) }).await;
    let erasing = lease(store, 1).await.expect("the erasure");
    insert(store, &of(Some(ann), 1)).await;
    let sending = lease(store, 1).await.expect("a mail in flight");
    insert(store, &of(Some(ann), 2)).await;
    insert(store, &of(Some(given::user_id()), 3)).await;
    insert(store, &of(None, 4)).await;
    insert(store, &NewJob { message: Some("last"), ..of(Some(ann), 5) }).await;
    insert(store, &NewJob { message: Some("first"), ..of(Some(ann), 6) }).await;
    let deleted: Result<()> =
        storage::transact!(store, |tx| { jobs::delete_of_user(tx, ann, "last").await? });
    deleted.expect("an answer");
    assert_eq!(Raw::connect(&database).await.number("SELECT COUNT(*) FROM jobs").await, 4);
    for (job, is_there) in [(&erasing, true), (&sending, false)] {
        let finished: Result<bool> =
            storage::transact!(store, |tx| { jobs::finish(tx, job, later(2), None).await? });
        assert_eq!(finished.expect("an answer"), is_there, "{}", job.kind);
    }
}

async fn finished_jobs_are_forgotten_after_their_time(database: Database) {
    let store = &database.store;
    for second in 1..=3 {
        insert(store, &job(second)).await;
    }
    for second in 1..=2 {
        let leased = lease(store, 3).await.expect("a job");
        let finished: Result<bool> = storage::transact!(store, |tx| {
            jobs::finish(tx, &leased, later(second), None).await?
        });
        assert!(finished.expect("an answer"));
    }
    let forgotten: Result<u64> =
        storage::transact!(store, |tx| { jobs::delete_finished(tx, later(2)).await? });
    assert_eq!(forgotten.expect("an answer"), 1);
}

async fn the_fate_of_the_jobs_of_a_user_is_told(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let mail = NewJob { user_id: Some(ann), message: Some("restoration"), ..job(1) };
    insert(store, &mail).await;
    insert(store, &NewJob { user_id: Some(given::user_id()), ..job(99) }).await;
    let leased = lease(store, 1).await.expect("a job");
    let retried: Result<bool> =
        storage::transact!(store, |tx| { jobs::retry(tx, &leased, again(7, "closed")).await? });
    assert!(retried.expect("an answer"));
    let later_one = NewJob {
        id: JobId::new(later(3), given::chance()),
        user_id: Some(ann),
        now: later(3),
        ..job(9)
    };
    insert(store, &later_one).await;

    let mut read = store.read().await.expect("a connection");
    let told = jobs::of_user(&mut read, ann, 9).await.expect("an answer");
    assert_eq!(told.iter().map(|job| job.id).collect::<Vec<_>>(), [later_one.id, mail.id]);
    assert_eq!(jobs::of_user(&mut read, ann, 1).await.expect("an answer"), told[..1]);
    let expected = jobs::JobRecord {
        id: mail.id,
        kind: "test".to_owned(),
        message: Some("restoration".to_owned()),
        lane: "work".to_owned(),
        state: State::Ready,
        user_id: Some(ann),
        run_at: later(7),
        attempts: 1,
        max_attempts: 3,
        last_error: Some("closed".to_owned()),
        created_at: NOW,
        leased_until: None,
        finished_at: None,
    };
    assert_eq!(told[1], expected);
    drop(read);
    let leased = lease(store, 7).await.expect("a job");
    let finished: Result<bool> =
        storage::transact!(store, |tx| { jobs::finish(tx, &leased, later(8), None).await? });
    assert!(finished.expect("an answer"));
    let mut read = store.read().await.expect("a connection");
    let told = jobs::of_user(&mut read, ann, 9).await.expect("an answer");
    assert_eq!((told[1].state, told[1].finished_at), (State::Done, Some(later(8))));
    assert_eq!(told[1].last_error, None);
}

async fn what_is_given_up_carries_nothing_any_more(database: Database) {
    let store = &database.store;
    insert(store, &NewJob { payload: b"secret", ..job(1) }).await;
    let leased = lease(store, 1).await.expect("a job");
    for expected in [true, false] {
        let given_up: Result<bool> = storage::transact!(store, |tx| {
            jobs::give_up(tx, &leased, later(2), "not accepted").await?
        });
        assert_eq!(given_up.expect("an answer"), expected);
    }
    let parked = "SELECT COUNT(*) FROM jobs WHERE state = 'parked' AND LENGTH(payload) = 0 \
                  AND leased_until IS NULL AND last_error = 'not accepted'";
    assert_eq!(Raw::connect(&database).await.number(parked).await, 1);
}
