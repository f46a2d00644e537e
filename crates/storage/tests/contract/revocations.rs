//! What was revoked lately, read from `sessions` and `users`.

use std::time::Duration;

use domain::session::EndReason;
use domain::{Session, Surface, UserId};
use storage::revocations::{self, RecordedAt};
use storage::{Result, Store, sessions, users};
use testkit::{Database, on_every_backend};

use crate::given::{self, later};
use crate::raw::Raw;
use crate::sessions::session;

on_every_backend!(Database::fresh =>
    ended_sessions_are_told_by_the_time_of_the_database,
    changed_roles_are_told_once_with_the_last_time,
    no_session_ends_without_being_recorded,
);

async fn now(store: &Store) -> RecordedAt {
    revocations::now(&mut store.read().await.expect("a connection")).await.expect("an answer")
}

async fn live(store: &Store, user: UserId) -> Session {
    let session = session(user);
    let inserted: Result<()> =
        storage::transact!(store, |tx| { sessions::insert(tx, &session).await? });
    inserted.expect("inserted");
    session
}

async fn ended_sessions_are_told_by_the_time_of_the_database(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let (one, two, kept) = (live(store, ann).await, live(store, ann).await, live(store, ann).await);
    let before = now(store).await;
    let (reason, except) = (EndReason::PasswordChanged, Some(kept.id));
    let ended: Result<u64> = storage::transact!(store, |tx| {
        sessions::end(tx, one.id, EndReason::SignedOut, later(1)).await?;
        sessions::end_all(tx, ann, except, reason, later(2)).await?
    });
    assert_eq!(ended.expect("ended"), 1);
    let mut read = store.read().await.expect("a connection");
    let found = revocations::ended_sessions(&mut read, before.before(Duration::from_secs(1))).await;
    let found = found.expect("an answer");
    let told: Vec<_> = found.iter().map(|told| (told.id, told.ended_at)).collect();
    assert_eq!(told, [(one.id, later(1)), (two.id, later(2))]);
    for told in &found {
        assert_eq!((told.surface, told.expires_at), (Surface::Native, one.expires_at));
        // SQLite's clock counts milliseconds.
        assert!(told.recorded_at >= before.before(Duration::from_millis(1)));
    }
    let last = found.last().expect("two").recorded_at;
    let after = revocations::ended_sessions(&mut read, last).await.expect("an answer");
    assert_eq!(after, []);
}

async fn changed_roles_are_told_once_with_the_last_time(database: Database) {
    let store = &database.store;
    let mut ann = given::ann(store).await;
    let before = now(store).await.before(Duration::from_secs(1));
    for seconds in [1, 2] {
        let changed: Result<()> = storage::transact!(store, |tx| {
            users::change_roles(tx, &ann, later(seconds)).await?;
        });
        changed.expect("changed");
        ann = given::read(store, ann.id).await;
    }
    let mut read = store.read().await.expect("a connection");
    let found = revocations::changed_roles(&mut read, before).await.expect("an answer");
    let told: Vec<_> = found.iter().map(|told| (told.user_id, told.changed_at)).collect();
    assert_eq!(told, [(ann.id, later(2))]);
    let after = revocations::changed_roles(&mut read, found[0].recorded_at).await;
    assert_eq!(after.expect("an answer"), []);
}

async fn no_session_ends_without_being_recorded(database: Database) {
    let ann = given::ann(&database.store).await.id;
    live(&database.store, ann).await;
    let mut raw = Raw::connect(&database).await;
    assert!(raw.attempt("UPDATE sessions SET ended_at = 1").await.is_err());
    assert_eq!(raw.execute("UPDATE sessions SET ended_at = 1, end_recorded_at = 1").await, 1);
}
