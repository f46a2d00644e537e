//! The `sessions` table.

use domain::session::EndReason;
use domain::{Session, SessionId, Surface, Timestamp, UserId};
use storage::{Error, Result, Store, sessions};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    every_column_is_read_back,
    of_fifty_rotations_of_one_generation_one_succeeds,
    a_session_ends_once_and_rotates_no_more,
    a_session_was_seen_last_when_it_was_used_last,
    all_sessions_but_one_end,
    the_live_sessions_of_an_account_are_listed_newest_first,
    sessions_that_expired_are_removed,
    devices_are_forgotten,
    a_session_belongs_to_an_account,
);

pub(crate) fn session(user_id: UserId) -> Session {
    Session {
        id: SessionId::new(NOW, given::chance()),
        user_id,
        surface: Surface::Native,
        generation: 0,
        rotated_at: NOW,
        // Bytes that are no text in any character set.
        refresh_secret: (0..32).map(|n| n * 8 + 7).collect(),
        created_at: NOW,
        last_seen_at: NOW,
        idle_expires_at: Some(later(10)),
        expires_at: later(20),
        ended_at: None,
        address: Some("2001:0db8:0000:0000:0000:ff00:192.168.100.228".to_owned()),
        agent: Some("😀".repeat(255)),
    }
}

async fn insert(store: &Store, session: &Session) {
    let inserted: Result<()> =
        storage::transact!(store, |tx| { sessions::insert(tx, session).await? });
    inserted.expect("the session is inserted");
}

async fn find(store: &Store, id: SessionId) -> Option<Session> {
    let mut read = store.read().await.expect("a connection");
    sessions::find(&mut read, id).await.expect("an answer")
}

async fn every_column_is_read_back(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await;
    let full =
        Session { generation: 7, rotated_at: later(1), last_seen_at: later(2), ..session(ann.id) };
    let bare = Session {
        surface: Surface::Operator,
        refresh_secret: Vec::new(),
        idle_expires_at: None,
        address: None,
        agent: None,
        ..session(ann.id)
    };
    for session in [full, bare] {
        insert(store, &session).await;
        assert!(find(store, session.id).await == Some(session));
    }
    assert!(find(store, SessionId::new(NOW, given::chance())).await.is_none());
}

async fn of_fifty_rotations_of_one_generation_one_succeeds(database: Database) {
    let session = session(given::ann(&database.store).await.id);
    insert(&database.store, &session).await;
    let mut rivals = JoinSet::new();
    for _ in 0..50 {
        let (store, session) = (database.store.clone(), session.clone());
        rivals.spawn(async move {
            let rotated: Result<bool> = storage::transact!(store, |tx| {
                sessions::rotate(tx, &session, later(3), later(13)).await?
            });
            rotated.expect("an answer")
        });
    }
    let rotated = rivals.join_all().await;
    assert_eq!(rotated.into_iter().filter(|&rotated| rotated).count(), 1);
    let expected = Session {
        generation: 1,
        rotated_at: later(3),
        last_seen_at: later(3),
        idle_expires_at: Some(later(13)),
        ..session
    };
    assert!(find(&database.store, expected.id).await == Some(expected));
}

async fn a_session_ends_once_and_rotates_no_more(database: Database) {
    let session = session(given::ann(&database.store).await.id);
    insert(&database.store, &session).await;
    let mut tx = database.store.write().await.expect("a transaction");
    let reason = EndReason::SignedOutEverywhere;
    assert!(sessions::end(&mut tx, session.id, reason, later(4)).await.expect("an answer"));
    assert!(!sessions::end(&mut tx, session.id, reason, later(5)).await.expect("an answer"));
    assert!(!sessions::rotate(&mut tx, &session, later(6), later(7)).await.expect("an answer"));
    tx.commit().await.expect("a commit");
    let ended = Session { ended_at: Some(later(4)), ..session };
    assert!(find(&database.store, ended.id).await == Some(ended));
    let reasons = "SELECT COUNT(*) FROM sessions WHERE end_reason = 'signed_out_everywhere'";
    assert_eq!(Raw::connect(&database).await.number(reasons).await, 1);
}

async fn a_session_was_seen_last_when_it_was_used_last(database: Database) {
    let session = session(given::ann(&database.store).await.id);
    insert(&database.store, &session).await;
    for at in [later(9), later(8)] {
        let seen: Result<()> =
            storage::transact!(database.store, |tx| { sessions::see(tx, session.id, at).await? });
        seen.expect("an answer");
    }
    let expected = Session { last_seen_at: later(9), ..session };
    assert!(find(&database.store, expected.id).await == Some(expected));
}

async fn all_sessions_but_one_end(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    let (kept, other, over, foreign) = (session(ann), session(ann), session(ann), session(bob));
    for session in [&kept, &other, &over, &foreign] {
        insert(store, session).await;
    }
    let mut tx = store.write().await.expect("a transaction");
    let reason = EndReason::PasswordChanged;
    sessions::end(&mut tx, over.id, EndReason::SignedOut, later(1)).await.expect("an answer");
    let ended = sessions::end_all(&mut tx, ann, Some(kept.id), reason, later(2)).await;
    assert_eq!(ended.expect("an answer"), 1);
    let ended = sessions::end_all(&mut tx, ann, None, reason, later(3)).await;
    assert_eq!(ended.expect("an answer"), 1);
    let mut ends: Vec<Option<Timestamp>> = Vec::new();
    for session in [&over, &other, &kept, &foreign] {
        let session = sessions::find(&mut tx, session.id).await.expect("an answer");
        ends.push(session.expect("a session").ended_at);
    }
    assert_eq!(ends, [Some(later(1)), Some(later(2)), Some(later(3)), None]);
}

async fn the_live_sessions_of_an_account_are_listed_newest_first(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    let old = session(ann);
    let new = Session { created_at: later(1), idle_expires_at: None, ..session(ann) };
    let over = Session { ended_at: None, ..session(ann) };
    let idle = Session { idle_expires_at: Some(later(2)), ..session(ann) };
    let expired = Session { expires_at: later(2), idle_expires_at: None, ..session(ann) };
    for session in [&old, &new, &over, &idle, &expired, &session(bob)] {
        insert(store, session).await;
    }
    let mut tx = store.write().await.expect("a transaction");
    sessions::end(&mut tx, over.id, EndReason::SignedOut, NOW).await.expect("an answer");
    tx.commit().await.expect("a commit");
    let mut read = store.read().await.expect("a connection");
    let listed = sessions::list_live(&mut read, ann, later(2), 10).await.expect("an answer");
    assert!(listed == [new.clone(), old.clone()]);
    let listed = sessions::list_live(&mut read, ann, later(2), 1).await.expect("an answer");
    assert!(listed == [new.clone()]);
    let refreshable = sessions::list_refreshable(&mut read, ann, NOW).await.expect("an answer");
    assert_eq!(refreshable, [old.id, idle.id], "the oldest first, those with a refresh token");
    let mut unexpired =
        sessions::list_unexpired(&mut read, ann, later(2)).await.expect("an answer");
    unexpired.sort();
    let mut expected = [old.id, new.id, over.id, idle.id];
    expected.sort();
    assert_eq!(unexpired, expected, "ended or not");
}

async fn sessions_that_expired_are_removed(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let past = Session { expires_at: later(20), ..session(ann) };
    let present = Session { expires_at: later(21), ..session(ann) };
    for session in [&past, &present] {
        insert(store, session).await;
    }
    let removed: Result<u64> =
        storage::transact!(store, |tx| { sessions::delete_expired(tx, later(21)).await? });
    assert_eq!(removed.expect("an answer"), 1);
    assert!(find(store, past.id).await.is_none());
    assert!(find(store, present.id).await.is_some());
}

async fn devices_are_forgotten(database: Database) {
    let store = &database.store;
    let session = session(given::ann(store).await.id);
    insert(store, &session).await;
    let forgotten: Result<()> =
        storage::transact!(store, |tx| { sessions::forget_devices(tx, session.user_id).await? });
    forgotten.expect("forgotten");
    let expected = Session { address: None, agent: None, ..session };
    assert!(find(store, expected.id).await == Some(expected));
}

async fn a_session_belongs_to_an_account(database: Database) {
    let mut tx = database.store.write().await.expect("a transaction");
    let nobodys = sessions::insert(&mut tx, &session(given::user_id())).await;
    assert!(matches!(nobodys, Err(Error::Driver { .. })), "{nobodys:?}");
}
