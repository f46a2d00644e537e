//! The tables of the audit trail: `user_keys`, `audit_values` and `audit_calls`.

use domain::{Actor, CallId, Event, EventId, Surface, UserId};
use storage::audit::{self, CallEntry, EventEntry, Filter};
use storage::audit_calls::{self, BEGUN, NewCall};
use storage::events::{self, NewEvent};
use storage::{Result, Store, audit_values, user_keys};
use testkit::{Backend, Database, on_every_backend};
use uuid::Uuid;

use crate::given::{self, NOW, later};
use crate::plans::assert_by_index;

on_every_backend!(Database::fresh =>
    values_are_read_back_with_their_key_until_it_is_destroyed,
    an_account_has_one_key,
    every_column_of_a_call_is_read_back,
    a_call_is_completed_once,
    the_trail_is_filtered_and_read_from_its_end,
    entries_of_one_name_have_their_index,
    from_where_somebody_acted_is_forgotten_with_the_account,
);

fn everything() -> Filter {
    let (actor, target) = (None, None);
    Filter { from: Uuid::nil(), before: Uuid::max(), action: None, actor, target }
}

fn named(filter: &Filter, action: &str) -> Filter {
    Filter { action: Some(action.to_owned()), ..filter.clone() }
}

fn event(user_id: UserId, second: u64, event: &Event, actor: Actor) -> NewEvent<'_> {
    NewEvent {
        id: EventId::new(later(second), given::chance()),
        user_id,
        event,
        actor,
        surface: Surface::Native,
        request_id: Some("request"),
        address: Some("192.0.2.1"),
        agent: Some("browser"),
        now: later(second),
    }
}

fn call(second: u64, action: &str, actor: Actor) -> NewCall<'_> {
    NewCall {
        id: CallId::new(later(second), given::chance()),
        action,
        actor,
        target: None,
        subject: None,
        outcome: "done",
        surface: Surface::Native,
        request_id: None,
        address: Some("192.0.2.1"),
        agent: Some("browser"),
        now: later(second),
    }
}

async fn insert(store: &Store, call: &NewCall<'_>) {
    let inserted: Result<()> =
        storage::transact!(store, |tx| { audit_calls::insert(tx, call).await? });
    inserted.expect("a call is inserted");
}

async fn events_in(store: &Store, filter: &Filter) -> Vec<EventEntry> {
    let mut read = store.read().await.expect("a connection");
    audit::events(&mut read, filter, 99).await.expect("an answer")
}

async fn calls_in(store: &Store, filter: &Filter) -> Vec<CallEntry> {
    let mut read = store.read().await.expect("a connection");
    audit::calls(&mut read, filter, 99).await.expect("an answer")
}

async fn values_are_read_back_with_their_key_until_it_is_destroyed(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let registered = event(ann, 1, &Event::UserRegistered, Actor::User(ann));
    let sealed = vec![7; 100_000];
    let written: Result<()> = storage::transact!(store, |tx| {
        events::push(tx, &registered).await?;
        user_keys::insert(tx, ann, b"sealed key", NOW).await?;
        audit_values::insert(tx, registered.id, ann, &sealed).await?;
    });
    written.expect("written");
    let expected = EventEntry {
        id: registered.id.0,
        action: "vestibule.user.registered.v1".to_owned(),
        actor: "user".to_owned(),
        actor_id: Some(ann.0),
        target_id: ann.0,
        data: "{}".to_owned(),
        surface: "native".to_owned(),
        request_id: Some("request".to_owned()),
        address: Some("192.0.2.1".to_owned()),
        agent: Some("browser".to_owned()),
        occurred_at: later(1).as_micros(),
        sealed: Some(sealed),
        sealed_key: Some(b"sealed key".to_vec()),
    };
    assert!(events_in(store, &everything()).await == [expected.clone()]);
    let destroyed: Result<()> =
        storage::transact!(store, |tx| { user_keys::delete_of_user(tx, ann).await? });
    destroyed.expect("destroyed");
    assert!(events_in(store, &everything()).await[0].sealed_key.is_none());
    let deleted: Result<u64> =
        storage::transact!(store, |tx| { audit_values::delete_of_user(tx, ann).await? });
    assert_eq!(deleted.expect("deleted"), 1);
    let left = EventEntry { sealed: None, sealed_key: None, ..expected };
    assert_eq!(events_in(store, &everything()).await, [left]);
}

async fn an_account_has_one_key(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let insert = async |id| -> Result<()> {
        storage::transact!(store, |tx| { user_keys::insert(tx, id, b"key", NOW).await? })
    };
    let mut read = store.read().await.expect("a connection");
    assert_eq!(user_keys::find(&mut read, ann).await.expect("an answer"), None);
    insert(ann).await.expect("the first");
    assert_eq!(user_keys::find(&mut read, ann).await.expect("an answer"), Some(b"key".to_vec()));
    insert(ann).await.expect_err("a second");
    insert(given::user_id()).await.expect_err("a key belongs to an account");
}

async fn every_column_of_a_call_is_read_back(database: Database) {
    let store = &database.store;
    let (ann, bob) = (given::user_id(), given::user_id());
    let (action, subject) = ("a".repeat(100), "s".repeat(64));
    let full = NewCall {
        target: Some(bob),
        subject: Some(&subject),
        outcome: BEGUN,
        request_id: Some("request"),
        ..call(1, &action, Actor::User(ann))
    };
    insert(store, &full).await;
    insert(store, &NewCall { address: None, agent: None, ..call(2, "x", Actor::Operator) }).await;
    let entries = calls_in(store, &everything()).await;
    let expected = CallEntry {
        id: full.id.0,
        action: action.clone(),
        actor: "user".to_owned(),
        actor_id: Some(ann.0),
        target_id: Some(bob.0),
        subject: Some(subject.clone()),
        outcome: "begun".to_owned(),
        surface: "native".to_owned(),
        request_id: Some("request".to_owned()),
        address: Some("192.0.2.1".to_owned()),
        agent: Some("browser".to_owned()),
        occurred_at: later(1).as_micros(),
        changes: None,
    };
    assert_eq!(entries[1], expected);
    let noted: Result<()> =
        storage::transact!(store, |tx| { audit_calls::note(tx, full.id, "role", "{}").await? });
    noted.expect("noted");
    let noted =
        CallEntry { subject: Some("role".to_owned()), changes: Some("{}".to_owned()), ..expected };
    assert_eq!(calls_in(store, &everything()).await[1], noted);
    let (who, whence) = (&entries[0].actor, (&entries[0].address, &entries[0].agent));
    assert_eq!((who.as_str(), entries[0].actor_id, whence), ("operator", None, (&None, &None)));
}

/// LOG-04: nothing that was written changes afterwards.
async fn a_call_is_completed_once(database: Database) {
    let store = &database.store;
    let bob = given::user_id();
    let begun = NewCall { outcome: BEGUN, ..call(1, "users.block", Actor::Operator) };
    insert(store, &begun).await;
    for (outcome, target) in [("last_admin", Some(bob)), ("done", None)] {
        let completed: Result<()> = storage::transact!(store, |tx| {
            audit_calls::complete(tx, begun.id, outcome, target, None).await?;
        });
        completed.expect("an answer");
        let noted: Result<()> = storage::transact!(store, |tx| {
            audit_calls::note(tx, begun.id, "role", "{}").await?;
        });
        noted.expect("an answer");
        let entries = calls_in(store, &everything()).await;
        assert_eq!(entries[0].outcome, "last_admin");
        assert_eq!(entries[0].target_id, Some(bob.0));
        assert_eq!(entries[0].changes, None, "it was no longer begun");
    }
}

async fn the_trail_is_filtered_and_read_from_its_end(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    let (blocked, changed) = (Event::UserBlocked { until: None }, Event::PasswordChanged);
    let rows = [
        event(ann, 1, &changed, Actor::User(ann)),
        event(bob, 2, &changed, Actor::User(bob)),
        event(bob, 3, &blocked, Actor::User(ann)),
    ];
    for new in &rows {
        let pushed: Result<()> = storage::transact!(store, |tx| { events::push(tx, new).await? });
        pushed.expect("pushed");
        let same = call(0, "users.block", new.actor);
        let id = CallId::new(new.now, given::chance());
        insert(store, &NewCall { id, target: Some(new.user_id), ..same }).await;
    }
    insert(store, &call(4, "users.list", Actor::User(bob))).await;
    let all = everything();
    let [one, two, three] = rows.map(|row| row.id.0);
    for (filter, expected) in [
        (all.clone(), vec![three, two, one]),
        (Filter { from: two, ..all.clone() }, vec![three, two]),
        (Filter { before: two, ..all.clone() }, vec![one]),
        (named(&all, blocked.name()), vec![three]),
        (named(&all, "vestibule.user."), vec![]),
        (Filter { actor: Some(ann.0), ..named(&all, blocked.name()) }, vec![three]),
        (Filter { actor: Some(bob.0), ..named(&all, blocked.name()) }, vec![]),
        (Filter { target: Some(bob), ..named(&all, changed.name()) }, vec![two]),
        (
            Filter { actor: Some(ann.0), target: Some(bob), ..named(&all, blocked.name()) },
            vec![three],
        ),
        (Filter { actor: Some(ann.0), ..all.clone() }, vec![three, one]),
        (Filter { target: Some(bob), ..all.clone() }, vec![three, two]),
        (Filter { actor: Some(ann.0), target: Some(bob), ..all.clone() }, vec![three]),
    ] {
        let found = events_in(store, &filter).await;
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{filter:?}");
    }
    for (filter, expected) in [
        (all.clone(), 4),
        (named(&all, "users.list"), 1),
        (Filter { actor: Some(bob.0), ..named(&all, "users.list") }, 1),
        (Filter { actor: Some(ann.0), ..named(&all, "users.list") }, 0),
        (Filter { target: Some(bob), ..named(&all, "users.list") }, 0),
        (Filter { actor: Some(bob.0), target: Some(bob), ..named(&all, "users.list") }, 0),
        (Filter { actor: Some(ann.0), ..all.clone() }, 2),
        (Filter { target: Some(bob), ..all.clone() }, 2),
        (Filter { actor: Some(ann.0), target: Some(bob), ..all.clone() }, 1),
        (named(&all, "vestibule.%"), 0),
    ] {
        assert_eq!(calls_in(store, &filter).await.len(), expected, "{filter:?}");
    }
    let mut read = store.read().await.expect("a connection");
    assert_eq!(audit::events(&mut read, &all, 2).await.expect("an answer").len(), 2);
    assert_eq!(audit::calls(&mut read, &all, 3).await.expect("an answer").len(), 3);
    let names = [blocked.name(), changed.name()];
    assert_eq!(audit::event_names(&mut read).await.expect("names"), names);
    assert_eq!(audit::call_names(&mut read).await.expect("names"), ["users.block", "users.list"]);
    let newest = events::newest(&mut read, bob, &changed).await.expect("an answer");
    let newest = newest.expect("bob changed his password");
    assert_eq!((newest.actor.as_str(), newest.actor_id), ("user", Some(bob.0)));
    assert_eq!((newest.data.as_str(), newest.at), ("{}", later(2)));
    assert_eq!(events::newest(&mut read, ann, &blocked).await.expect("an answer"), None);
}

/// Who asks for some name must not read through all others: the trail only grows.
async fn entries_of_one_name_have_their_index(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    for second in 0..60 {
        let event = if second % 2 == 0 { Event::UserUnblocked } else { Event::PasswordChanged };
        let new = self::event(ann, second, &event, Actor::User(ann));
        let pushed: Result<()> = storage::transact!(store, |tx| { events::push(tx, &new).await? });
        pushed.expect("pushed");
        let name = ["users.list", "users.block"][usize::from(second % 2 == 0)];
        insert(store, &call(second, name, Actor::User(ann))).await;
    }
    let (first, last) = match database.backend {
        Backend::Postgres => {
            ("'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'")
        }
        Backend::Sqlite | Backend::MySql => ("X'00'", "X'FF'"),
    };
    assert_by_index(
        &database,
        &[
            (
                "audit::NAMED_EVENTS",
                &[first, last, "'vestibule.user.blocked.v1'", "9"],
                "events_type",
            ),
            ("audit::NAMED_CALLS", &[first, last, "'users.block'", "9"], "audit_calls_action"),
            ("audit::NEXT_EVENT_NAME", &["'vestibule'"], "events_type"),
            ("audit::NEXT_CALL_NAME", &["'users'"], "audit_calls_action"),
        ],
    )
    .await;
}

/// LIF-06: from where others did something to the account is theirs (AUZ-09).
async fn from_where_somebody_acted_is_forgotten_with_the_account(database: Database) {
    let store = &database.store;
    let ann = given::ann(store).await.id;
    let bob = given::user(store, &given::named("bob")).await.id;
    let by_ann = event(bob, 1, &Event::UserBlocked { until: None }, Actor::User(ann));
    let by_bob = event(bob, 2, &Event::UserUnblocked, Actor::User(bob));
    let bob_to_ann = event(ann, 3, &Event::UserUnblocked, Actor::User(bob));
    let by_nobody = event(ann, 4, &Event::SignInFailed { failures: 1 }, Actor::Anonymous);
    insert(store, &call(1, "one", Actor::User(ann))).await;
    insert(store, &NewCall { target: Some(ann), ..call(2, "two", Actor::User(bob)) }).await;
    insert(store, &call(3, "three", Actor::User(bob))).await;
    let forgotten: Result<()> = storage::transact!(store, |tx| {
        events::push(tx, &by_ann).await?;
        events::push(tx, &by_bob).await?;
        events::push(tx, &bob_to_ann).await?;
        events::push(tx, &by_nobody).await?;
        let nil = Uuid::nil();
        assert_eq!(events::forget_devices_by(tx, ann, nil).await?, Some(by_ann.id.0));
        assert_eq!(events::forget_devices_by(tx, ann, by_ann.id.0).await?, None);
        let last = bob_to_ann.id.0.max(by_nobody.id.0);
        assert_eq!(events::forget_devices_of(tx, ann, nil).await?, Some(last));
        assert_eq!(events::forget_devices_of(tx, ann, last).await?, None);
        let last = audit_calls::forget_clients(tx, ann, nil).await?;
        assert_eq!(audit_calls::forget_clients(tx, ann, last.unwrap_or(nil)).await?, None);
    });
    forgotten.expect("forgotten");
    let events = events_in(store, &everything()).await;
    let events = events.iter().map(|row| (row.id, row.address.is_some(), row.agent.is_some()));
    let expected = [
        (by_nobody.id.0, false, false),
        (bob_to_ann.id.0, true, true),
        (by_bob.id.0, true, true),
        (by_ann.id.0, false, false),
    ];
    assert_eq!(events.collect::<Vec<_>>(), expected);
    let calls = calls_in(store, &everything()).await;
    let calls = calls.iter().map(|row| (row.action.as_str(), row.address.is_some()));
    assert_eq!(calls.collect::<Vec<_>>(), [("three", true), ("two", true), ("one", false)]);
}
