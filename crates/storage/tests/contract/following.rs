//! Following the log: who hears of a change, and when.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Actor, Event, EventId, Surface, UserId};
use storage::events::{self, NewEvent};
use storage::jobs::{Lane, NewJob};
use storage::{Result, Store, Watcher};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW};
use crate::jobs::job;
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    what_commits_late_is_still_within_the_window,
    the_window_is_of_the_database_whatever_our_clock_says,
    what_was_recorded_before_the_window_is_left_out,
    a_watcher_hears_of_each_account_once_it_is_committed,
    a_watcher_hears_of_what_may_have_been_rolled_back_too,
    a_watcher_hears_of_work_that_is_due_at_once,
);

const WINDOW: Duration = Duration::from_secs(30);

#[derive(Default)]
struct Heard(Mutex<Vec<Vec<UserId>>>, Mutex<Vec<Lane>>);

impl Watcher for Heard {
    fn changed(&self, users: &[UserId]) {
        self.0.lock().expect("no test panics here").push(users.to_vec());
    }

    /// Told as an empty list, which nothing else is.
    fn all_changed(&self) {
        self.0.lock().expect("no test panics here").push(Vec::new());
    }

    fn promised(&self, lane: Lane) {
        self.1.lock().expect("no test panics here").push(lane);
    }
}

impl Heard {
    fn so_far(&self) -> Vec<Vec<UserId>> {
        self.0.lock().expect("no test panics here").clone()
    }
}

fn blocked(user_id: UserId) -> NewEvent<'static> {
    NewEvent {
        id: EventId::new(NOW, given::chance()),
        user_id,
        event: &Event::UserUnblocked,
        actor: Actor::Operator,
        surface: Surface::Operator,
        request_id: None,
        address: None,
        agent: None,
        now: NOW,
    }
}

async fn push(store: &Store, user_id: UserId) -> EventId {
    let new = blocked(user_id);
    let pushed: Result<()> = storage::transact!(store, |tx| { events::push(tx, &new).await? });
    pushed.expect("pushed");
    new.id
}

async fn recorded(store: &Store) -> Vec<(EventId, UserId)> {
    let mut read = store.read().await.expect("a connection");
    events::recorded_within(&mut read, WINDOW).await.expect("an answer")
}

async fn what_commits_late_is_still_within_the_window(database: Database) {
    let other = database.connect_again().await;
    let (ann, bob) = (given::ann(&other).await.id, given::user(&other, &given::named("bob")).await);
    let late = blocked(ann);
    let mut tx = database.store.write().await.expect("a transaction");
    events::push(&mut tx, &late).await.expect("pushed");
    assert_eq!(recorded(&other).await, [], "nothing is committed");
    // SQLite lets one transaction write at a time: only the servers can overtake.
    let overtaking = match database.backend {
        storage::Backend::Sqlite => None,
        storage::Backend::Postgres | storage::Backend::MySql => Some(push(&other, bob.id).await),
    };
    let before: Vec<_> = recorded(&other).await.into_iter().map(|(event, _)| event).collect();
    assert_eq!(before, Vec::from_iter(overtaking));
    tx.commit().await.expect("committed");
    assert!(recorded(&other).await.contains(&(late.id, ann)));
}

async fn the_window_is_of_the_database_whatever_our_clock_says(database: Database) {
    // `NOW` of these tests lies far from the time of the database.
    let ann = given::ann(&database.store).await.id;
    let event = push(&database.store, ann).await;
    assert_eq!(recorded(&database.store).await, [(event, ann)]);
}

async fn what_was_recorded_before_the_window_is_left_out(database: Database) {
    let ann = given::ann(&database.store).await.id;
    push(&database.store, ann).await;
    let mut raw = Raw::connect(&database).await;
    raw.execute("UPDATE events SET recorded_at = recorded_at - 31000000").await;
    assert_eq!(recorded(&database.store).await, []);
}

async fn a_watcher_hears_of_each_account_once_it_is_committed(database: Database) {
    let (ann, bob) = (given::ann(&database.store).await.id, given::named("bob"));
    let bob = given::user(&database.store, &bob).await.id;
    let heard = Arc::new(Heard::default());
    let store = database.connect_again().await.watched_by(Arc::<Heard>::clone(&heard));
    let mut tx = store.write().await.expect("a transaction");
    for user in [ann, bob, ann] {
        events::push(&mut tx, &blocked(user)).await.expect("pushed");
    }
    assert_eq!(heard.so_far(), Vec::<Vec<UserId>>::new(), "nothing is committed");
    tx.commit().await.expect("committed");
    assert_eq!(heard.so_far(), [vec![ann, bob]]);
    push(&database.store, ann).await;
    assert_eq!(heard.so_far().len(), 1, "other instances are not heard");
}

async fn a_watcher_hears_of_what_may_have_been_rolled_back_too(database: Database) {
    let ann = given::ann(&database.store).await.id;
    let heard = Arc::new(Heard::default());
    let store = database.connect_again().await.watched_by(Arc::<Heard>::clone(&heard));
    let mut tx = store.write().await.expect("a transaction");
    events::push(&mut tx, &blocked(ann)).await.expect("pushed");
    drop(tx);
    assert_eq!(heard.so_far(), [vec![ann]]);
    drop(store.write().await.expect("a transaction"));
    assert_eq!(heard.so_far().len(), 1, "who touches nothing says nothing");
}

async fn a_watcher_hears_of_work_that_is_due_at_once(database: Database) {
    let heard = Arc::new(Heard::default());
    let store = database.connect_again().await.watched_by(Arc::<Heard>::clone(&heard));
    let mut tx = store.write().await.expect("a transaction");
    for (lane, second) in [(Lane::Mail, 0), (Lane::Text, 0), (Lane::Work, 1)] {
        let job = NewJob { lane, ..job(second) };
        storage::jobs::insert(&mut tx, &job).await.expect("a job");
    }
    assert!(heard.1.lock().expect("no test panics here").is_empty(), "nothing is committed");
    tx.commit().await.expect("committed");
    assert_eq!(*heard.1.lock().expect("no test panics here"), [Lane::Mail, Lane::Text]);
}
