//! The `events` table.

use domain::session::EndReason;
use domain::{Actor, Event, EventId, RoleName, ServiceAccountId, SessionId, Surface, UserId};
use storage::events::{self, NewEvent, StoredEvent};
use storage::{Error, Result, Store};
use testkit::{Database, on_every_backend};
use tokio::task::JoinSet;

use crate::given::{self, NOW, later};
use crate::raw::Raw;

on_every_backend!(Database::fresh =>
    every_event_is_read_back_with_an_object_as_its_data,
    where_an_event_came_from_is_kept_until_it_is_forgotten,
    who_did_it_is_kept_where_there_are_several,
    versions_stay_dense_under_twenty_writers,
    an_event_that_is_rolled_back_leaves_no_gap,
    an_event_of_nobody_is_stale,
);

fn new(user_id: UserId, event: &Event) -> NewEvent<'_> {
    NewEvent {
        id: EventId::new(NOW, given::chance()),
        user_id,
        event,
        actor: Actor::User(user_id),
        surface: Surface::Native,
        request_id: None,
        address: None,
        agent: None,
        now: NOW,
    }
}

async fn push(store: &Store, new: &NewEvent<'_>) -> Result<()> {
    storage::transact!(store, |tx| { events::push(tx, new).await? })
}

async fn of_user(store: &Store, id: UserId) -> Vec<StoredEvent> {
    let mut read = store.read().await.expect("a connection");
    events::of_user(&mut read, id).await.expect("an answer")
}

/// Each variant, its optional values present and absent.
fn every_event() -> Vec<Event> {
    let session = SessionId::new(NOW, given::chance());
    let role = RoleName::new("admin");
    vec![
        Event::UserRegistered,
        Event::UserSignedIn { session, is_new_device: true },
        Event::SignedInAfterFailures { session, failures: 5 },
        Event::UserSignedOut { session },
        Event::SessionRevoked { session, reason: EndReason::SetByOperator },
        Event::SessionsRevoked { reason: EndReason::SignedOutEverywhere, kept: None },
        Event::SessionsRevoked { reason: EndReason::RevokedByOwner, kept: Some(session) },
        Event::RefreshReplayed { session },
        Event::ProfileUpdated { fields: vec!["first_name", "metadata"] },
        Event::ProfileUpdated { fields: Vec::new() },
        Event::EmailChangeRequested,
        Event::EmailChanged,
        Event::PasswordChanged,
        Event::RoleGranted { role: role.clone() },
        Event::RoleRevoked { role: role.clone() },
        Event::PermissionsChanged { role },
        Event::EmailVerified,
        Event::PhoneVerified,
        Event::UserBlocked { until: Some(later(1)) },
        Event::UserBlocked { until: None },
        Event::UserUnblocked,
        Event::UserDeleted { purge_at: Some(later(1)) },
        Event::UserDeleted { purge_at: None },
        Event::UserRestored,
        Event::UserPurged,
        Event::SignInFailed { failures: 20 },
        Event::PasswordDisabled,
    ]
}

async fn every_event_is_read_back_with_an_object_as_its_data(database: Database) {
    let ann = given::ann(&database.store).await.id;
    for event in every_event() {
        push(&database.store, &new(ann, &event)).await.expect("pushed");
    }
    let stored = of_user(&database.store, ann).await;
    assert_eq!(stored.len(), every_event().len());
    for ((stored, event), version) in stored.iter().zip(every_event()).zip(1..) {
        assert_eq!((stored.name.as_str(), stored.user_version), (event.name(), version));
        assert_eq!((stored.actor.as_str(), stored.surface.as_str()), ("user", "native"));
        assert_eq!(stored.occurred_at, NOW.as_micros());
        let data: serde_json::Value = serde_json::from_str(&stored.data).expect("JSON");
        assert!(data.is_object(), "{event:?}: {data}");
    }
    let deleted = stored.iter().find(|stored| stored.name == "vestibule.user.deleted.v1");
    let data = &deleted.expect("the deletion").data;
    assert_eq!(*data, format!(r#"{{"purge_at":"{}"}}"#, later(1)));
}

async fn where_an_event_came_from_is_kept_until_it_is_forgotten(database: Database) {
    let ann = given::ann(&database.store).await.id;
    let (request_id, agent) = ("r".repeat(64), "😀".repeat(255));
    let full = NewEvent {
        actor: Actor::Operator,
        surface: Surface::Operator,
        request_id: Some(&request_id),
        address: Some("2001:0db8:0000:0000:0000:ff00:192.168.100.228"),
        agent: Some(&agent),
        ..new(ann, &Event::UserUnblocked)
    };
    push(&database.store, &full).await.expect("pushed");
    let stored = of_user(&database.store, ann).await;
    assert_eq!(stored[0].request_id.as_deref(), Some(request_id.as_str()));
    assert_eq!((stored[0].actor.as_str(), stored[0].surface.as_str()), ("operator", "operator"));

    let pushed = full.id.0;
    let mut raw = Raw::connect(&database).await;
    let devices = "SELECT address, agent FROM events WHERE actor_id IS NULL AND position IS NULL";
    let kept: Vec<(Option<String>, Option<String>)> = raw.rows(devices).await;
    assert_eq!(kept, [(full.address.map(str::to_owned), Some(agent))]);
    let forgotten: Result<Option<uuid::Uuid>> = storage::transact!(database.store, |tx| {
        events::forget_devices_of(tx, ann, uuid::Uuid::nil()).await?
    });
    assert_eq!(forgotten.expect("forgotten"), Some(pushed));
    let kept: Vec<(Option<String>, Option<String>)> = raw.rows(devices).await;
    assert_eq!(kept, [(None, None)]);
}

async fn who_did_it_is_kept_where_there_are_several(database: Database) {
    let ann = given::ann(&database.store).await.id;
    let service = ServiceAccountId::new(NOW, given::chance());
    for actor in [Actor::User(ann), Actor::Service(service), Actor::Operator] {
        let by = NewEvent { actor, ..new(ann, &Event::UserUnblocked) };
        push(&database.store, &by).await.expect("pushed");
    }
    let mut raw = Raw::connect(&database).await;
    let ids: Vec<(Option<uuid::Uuid>,)> =
        raw.rows("SELECT actor_id FROM events ORDER BY user_version").await;
    assert_eq!(ids, [(Some(ann.0),), (Some(service.0),), (None,)]);
}

async fn versions_stay_dense_under_twenty_writers(database: Database) {
    let stores = [database.store.clone(), database.connect_again().await];
    let ann = given::ann(&database.store).await.id;
    let bob = given::user(&database.store, &given::named("bob")).await.id;
    let mut writers = JoinSet::new();
    for n in 0..20 {
        let store = stores[n % 2].clone();
        writers.spawn(async move {
            for id in [ann, bob] {
                push(&store, &new(id, &Event::UserUnblocked)).await.expect("pushed");
            }
        });
    }
    writers.join_all().await;
    for id in [ann, bob] {
        let versions: Vec<i64> =
            of_user(&database.store, id).await.iter().map(|event| event.user_version).collect();
        assert_eq!(versions, (1..=20).collect::<Vec<_>>());
    }
}

async fn an_event_that_is_rolled_back_leaves_no_gap(database: Database) {
    let ann = given::ann(&database.store).await.id;
    let mut tx = database.store.write().await.expect("a transaction");
    events::push(&mut tx, &new(ann, &Event::UserUnblocked)).await.expect("pushed");
    drop(tx);
    push(&database.store, &new(ann, &Event::UserUnblocked)).await.expect("pushed");
    let stored = of_user(&database.store, ann).await;
    assert_eq!(stored.iter().map(|event| event.user_version).collect::<Vec<_>>(), [1]);
}

async fn an_event_of_nobody_is_stale(database: Database) {
    let outcome = push(&database.store, &new(given::user_id(), &Event::UserUnblocked)).await;
    assert!(matches!(outcome, Err(Error::Stale)), "{outcome:?}");
}
