//! The `jobs` table: what people see of it, and do about it.

use domain::{JobId, UserId};
use storage::jobs::{self, Filter, LeasedJob, NewJob, State};
use storage::{Result, Store};
use testkit::{Database, on_every_backend};

use crate::given::{self, later};
use crate::jobs::{again, insert, job, lease};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    a_list_holds_what_is_asked_for_the_newest_first,
    a_list_goes_on_where_it_ended,
    one_job_is_found_by_its_id,
    what_waits_is_counted_by_lane_and_state,
    a_parked_job_is_run_again_with_all_its_attempts,
    what_is_done_or_runs_or_carries_nothing_is_not_run_again,
    only_what_waits_is_set_aside,
);

/// Promised at this second, and due.
fn made(second: u64) -> NewJob<'static> {
    NewJob {
        id: JobId::new(later(second), given::chance()),
        payload: b"something",
        now: later(second),
        ..job(1)
    }
}

async fn park(store: &Store, job: &LeasedJob) {
    let parked: Result<bool> =
        storage::transact!(store, |tx| { jobs::park(tx, job, later(9), "refused").await? });
    assert!(parked.expect("an answer"));
}

async fn listed(store: &Store, filter: &Filter, limit: i64) -> Vec<JobId> {
    let mut read = store.read().await.expect("a connection");
    let listed = jobs::list(&mut read, filter, limit).await.expect("an answer");
    listed.iter().map(|job| job.id).collect()
}

async fn a_list_holds_what_is_asked_for_the_newest_first(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let of = |user_id: Option<UserId>, kind, second| NewJob { user_id, kind, ..made(second) };
    let first = of(Some(ann), "mail", 1);
    insert(store, &first).await;
    park(store, &lease(store, 1).await.expect("the first")).await;
    let second = of(Some(ann), "purge", 2);
    let third = of(None, "mail", 3);
    for job in [&second, &third] {
        insert(store, job).await;
    }
    let parked = Some(State::Parked);
    let mail = || Some("mail".to_owned());
    let cases = [
        (Filter::default(), vec![third.id, second.id, first.id]),
        (Filter { state: parked, ..Filter::default() }, vec![first.id]),
        (Filter { kind: mail(), ..Filter::default() }, vec![third.id, first.id]),
        (Filter { user_id: Some(ann), ..Filter::default() }, vec![second.id, first.id]),
        (Filter { state: parked, kind: mail(), ..Filter::default() }, vec![first.id]),
        (Filter { state: parked, user_id: Some(ann), ..Filter::default() }, vec![first.id]),
        (Filter { kind: mail(), user_id: Some(ann), ..Filter::default() }, vec![first.id]),
        (
            Filter {
                state: Some(State::Ready),
                kind: mail(),
                user_id: Some(ann),
                ..Filter::default()
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(listed(store, &filter, 9).await, expected, "{filter:?}");
    }
}

async fn a_list_goes_on_where_it_ended(database: Database) {
    let store = &database.store;
    for second in 1..=5 {
        insert(store, &made(second)).await;
    }
    let all = listed(store, &Filter::default(), 9).await;
    assert_eq!(all.len(), 5);
    let next = Filter { after: Some(all[1]), ..Filter::default() };
    assert_eq!(listed(store, &next, 2).await, all[2..4]);
}

async fn one_job_is_found_by_its_id(database: Database) {
    let store = &database.store;
    let one = made(1);
    insert(store, &one).await;
    insert(store, &made(2)).await;
    let mut read = store.read().await.expect("a connection");
    let found = jobs::find(&mut read, one.id).await.expect("an answer").expect("a job");
    assert_eq!((found.id, found.lane.as_str(), found.state), (one.id, "work", State::Ready));
    assert_eq!(found.created_at, later(1));
    let unknown = JobId::new(later(3), given::chance());
    assert_eq!(jobs::find(&mut read, unknown).await.expect("an answer"), None);
}

async fn what_waits_is_counted_by_lane_and_state(database: Database) {
    let store = &database.store;
    for _ in 0..4 {
        insert(store, &made(1)).await;
    }
    insert(store, &NewJob { run_at: later(99), ..made(1) }).await;
    park(store, &lease(store, 1).await.expect("a job")).await;
    lease(store, 1).await.expect("another");
    let told = async |second| {
        let mut read = store.read().await.expect("a connection");
        let mut waiting = jobs::waiting(&mut read, later(second)).await.expect("an answer");
        waiting.sort_by_key(|one| one.state.as_str());
        let told = waiting.into_iter().map(|one| (one.lane, one.state, one.count, one.oldest));
        told.collect::<Vec<_>>()
    };
    let of = |state, count, second| ("work".to_owned(), state, count, later(second));
    let parked = of(State::Parked, 1, 9);
    let expected = vec![parked.clone(), of(State::Ready, 2, 1), of(State::Running, 1, 1)];
    assert_eq!(told(11).await, expected, "what is due later is as it should be");
    // Its worker died: the lease is over, and whoever could say so may be dead as well.
    assert_eq!(told(12).await, [parked, of(State::Ready, 3, 1)]);
}

async fn run_again(store: &Store, id: JobId) -> bool {
    let outcome: Result<bool> =
        storage::transact!(store, |tx| { jobs::run_again(tx, id, later(20)).await? });
    outcome.expect("an answer")
}

async fn a_parked_job_is_run_again_with_all_its_attempts(database: Database) {
    let store = &database.store;
    insert(store, &made(1)).await;
    let first = lease(store, 1).await.expect("a job");
    park(store, &first).await;
    assert!(run_again(store, first.id).await);
    assert!(lease(store, 19).await.is_none());
    let again_leased = lease(store, 20).await.expect("due at once");
    assert_eq!((again_leased.id, again_leased.attempts), (first.id, 1));
    // One that waits for its next attempt does not have to.
    let retried: Result<bool> = storage::transact!(store, |tx| {
        jobs::retry(tx, &again_leased, again(99, "not now")).await?
    });
    assert!(retried.expect("an answer"));
    assert!(run_again(store, first.id).await);
    assert!(lease(store, 20).await.is_some());
}

async fn what_is_done_or_runs_or_carries_nothing_is_not_run_again(database: Database) {
    let store = &database.store;
    insert(store, &made(1)).await;
    let leased = lease(store, 1).await.expect("a job");
    assert!(!run_again(store, leased.id).await, "it runs");
    let given_up: Result<bool> =
        storage::transact!(store, |tx| { jobs::give_up(tx, &leased, later(2), "no").await? });
    assert!(given_up.expect("an answer"));
    assert!(!run_again(store, leased.id).await, "nothing is left of it");
    insert(store, &made(3)).await;
    let done = lease(store, 3).await.expect("a job");
    let finished: Result<bool> =
        storage::transact!(store, |tx| { jobs::finish(tx, &done, later(4), Some("why")).await? });
    assert!(finished.expect("an answer"));
    assert!(!run_again(store, done.id).await, "it is done");
    let note = "SELECT COUNT(*) FROM jobs WHERE state = 'done' AND last_error = 'why'";
    assert_eq!(Raw::connect(&database).await.number(note).await, 1);
}

async fn only_what_waits_is_set_aside(database: Database) {
    let store = &database.store;
    insert(store, &made(1)).await;
    let set_aside = async |id| {
        let outcome: Result<bool> =
            storage::transact!(store, |tx| { jobs::set_aside(tx, id, later(5), "by hand").await? });
        outcome.expect("an answer")
    };
    let id = listed(store, &Filter::default(), 1).await[0];
    assert!(set_aside(id).await);
    assert!(lease(store, 9).await.is_none());
    assert!(!set_aside(id).await, "it is parked already");
    assert!(run_again(store, id).await);
    lease(store, 20).await.expect("a job");
    assert!(!set_aside(id).await, "it runs");
}
