//! Every event against its committed schema (LOG-06): as it is told, with and without what is optional.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use domain::event::{EventKind, Shape};
use domain::session::EndReason;
use domain::{Actor, Event, EventId, RoleName, ServiceAccountId, SessionId, Surface, UserId};
use operations::events::{Cursor, EventFilter, list, schemas};
use serde_json::{Value, json};
use storage::events::NewEvent;
use testkit::json_schema::violations;
use testkit::{App, on_every_backend};
use uuid::Uuid;

on_every_backend!(App::on => every_event_is_as_its_committed_schema_says);

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/events")
}

/// The committed schemas by type.
fn committed() -> BTreeMap<String, Value> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let schema = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        (
            file.file_stem().unwrap().to_str().unwrap().to_owned(),
            serde_json::from_str(&text).unwrap(),
        )
    };
    files.map(schema).collect()
}

/// Every variant, with what is optional there and not there.
fn every_event(now: domain::Timestamp) -> Vec<Event> {
    let session = SessionId(Uuid::from_u128(7));
    let (role, reason) = (RoleName::new("moderator"), EndReason::AccountBlocked);
    vec![
        Event::UserRegistered,
        Event::SignInFailed { failures: 3 },
        Event::PasswordDisabled,
        Event::UserSignedIn { session, is_new_device: true },
        Event::UserSignedIn { session, is_new_device: false },
        Event::SignedInAfterFailures { session, failures: 0 },
        Event::UserSignedOut { session },
        Event::SessionRevoked { session, reason },
        Event::SessionsRevoked { reason, kept: None },
        Event::SessionsRevoked { reason, kept: Some(session) },
        Event::RefreshReplayed { session },
        Event::ProfileUpdated { fields: vec![] },
        Event::ProfileUpdated { fields: vec!["username", "phone"] },
        Event::EmailChangeRequested,
        Event::EmailChanged,
        Event::EmailVerified,
        Event::PhoneVerified,
        Event::PasswordChanged,
        Event::RoleGranted { role: role.clone() },
        Event::RoleRevoked { role: role.clone() },
        Event::PermissionsChanged { role },
        Event::UserBlocked { until: None },
        Event::UserBlocked { until: Some(now) },
        Event::UserUnblocked,
        Event::UserDeleted { purge_at: None },
        Event::UserDeleted { purge_at: Some(now) },
        Event::UserRestored,
        Event::UserPurged,
    ]
}

async fn push(app: &App, user_id: UserId, id: u128, event: &Event, actor: Actor) {
    let new = NewEvent {
        id: EventId(Uuid::from_u128(id)),
        user_id,
        event,
        actor,
        surface: Surface::Native,
        request_id: None,
        address: None,
        agent: None,
        now: app.now(),
    };
    let mut tx = app.database.store.write().await.unwrap();
    storage::events::push(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
}

/// Each by another actor; answers them.
pub(super) async fn push_every_event(app: &App, user_id: UserId) -> Vec<Event> {
    let actors = [
        Actor::Anonymous,
        Actor::User(user_id),
        Actor::Service(ServiceAccountId(Uuid::from_u128(9))),
        Actor::Operator,
        Actor::System,
    ];
    let events = every_event(app.now());
    for (number, (event, actor)) in (1..).zip(events.iter().zip(actors.iter().cycle())) {
        push(app, user_id, number, event, *actor).await;
    }
    events
}

async fn every_event_is_as_its_committed_schema_says(app: App) {
    app.register("ann").await;
    let user_id = app.account("ann").await.id;
    let events = push_every_event(&app, user_id).await;
    app.relay_events().await;
    let page = list(&app.services, &EventFilter::default(), Cursor::default(), 1000).await;
    let told = page.unwrap().events;
    assert_eq!(told.len(), events.len() + 1);
    let schemas = committed();
    let mut seen = BTreeSet::new();
    for event in &told {
        let value = serde_json::to_value(event).unwrap();
        assert_eq!(violations(&schemas[&event.kind], &value), [""; 0], "{value}");
        seen.insert(event.kind.as_str());
        for other in schemas.keys().filter(|other| **other != event.kind) {
            assert_ne!(violations(&schemas[other], &value), [""; 0], "{other} takes {value}");
        }
    }
    assert_eq!(seen, EventKind::NAMES.iter().copied().collect(), "every type is among them");
}

#[test]
fn what_is_committed_is_the_catalogue() {
    let made: BTreeMap<String, Value> = schemas().into_iter().collect();
    assert_eq!(committed(), made, "run `cargo xtask generate`");
    let names: BTreeSet<&str> = EventKind::NAMES.iter().copied().collect();
    assert_eq!(names.len(), EventKind::ALL.len(), "no name stands twice");
    for kind in EventKind::ALL {
        assert_eq!(EventKind::parse(kind.name()), Some(*kind));
    }
}

/// The data of every variant has the fields of the catalogue, in its order and of its shapes.
#[test]
fn what_events_say_is_in_the_catalogue() {
    for event in every_event(domain::Timestamp::from_seconds(1_790_000_000)) {
        let fields = event.kind().fields();
        let data = event.data();
        for (field, datum) in &data {
            assert_eq!(field.shape, datum.shape(), "{}.{}", event.name(), field.name);
        }
        let said: Vec<&str> = data.iter().map(|(field, _)| field.name).collect();
        let allowed = fields.iter().filter(|field| field.is_required || said.contains(&field.name));
        assert_eq!(said, allowed.map(|field| field.name).collect::<Vec<_>>(), "{}", event.name());
    }
}

#[test]
fn what_is_wrong_is_not_valid_and_what_is_added_is() {
    let schema = &committed()["vestibule.session.revoked.v1"];
    let id = "0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11";
    let good = json!({
        "specversion": "1.0",
        "id": id,
        "source": "https://accounts.example.org",
        "type": "vestibule.session.revoked.v1",
        "subject": id,
        "time": "2026-11-20T18:45:00.123456Z",
        "datacontenttype": "application/json",
        "sequence": "00000000000000000001",
        "userversion": "1",
        "actor": "user",
        "actorid": id,
        "data": { "session_id": id, "reason": "evicted" },
    });
    assert_eq!(violations(schema, &good), [""; 0]);
    for (pointer, wrong) in [
        ("/specversion", json!("0.3")),
        ("/id", json!("one")),
        ("/source", json!("")),
        ("/type", json!("vestibule.session.revoked.v2")),
        ("/subject", json!(null)),
        ("/time", json!("yesterday")),
        ("/datacontenttype", json!("text/plain")),
        ("/sequence", json!("1")),
        ("/sequence", json!(1)),
        ("/userversion", json!("0")),
        ("/actor", json!("root")),
        ("/actorid", json!(null)),
        ("/data", json!([])),
        ("/data/session_id", json!(7)),
        ("/data/reason", json!("")),
    ] {
        let mut event = good.clone();
        *event.pointer_mut(pointer).unwrap() = wrong;
        assert_ne!(violations(schema, &event), [""; 0], "{pointer}: {event}");
    }
    for name in good.as_object().unwrap().keys() {
        let mut event = good.clone();
        event.as_object_mut().unwrap().remove(name);
        let is_valid = violations(schema, &event).is_empty();
        assert_eq!(is_valid, name == "actorid", "without {name}");
    }
    let mut newer = good.clone();
    newer["data"]["place"] = json!("a field of a later version");
    newer["traceparent"] = json!("an attribute of a later version");
    assert_eq!(violations(schema, &newer), [""; 0]);
}

/// LOG-06: no field of the catalogue is one that holds something personal.
#[test]
fn log_06_no_field_is_for_personal_values() {
    let personal = ["email", "phone", "username", "name", "address", "agent", "password", "token"];
    let mut texts = BTreeSet::new();
    for field in EventKind::ALL.iter().flat_map(|kind| kind.fields()) {
        let is_personal = personal.iter().any(|word| field.name.contains(word));
        assert!(!is_personal, "{}", field.name);
        if matches!(field.shape, Shape::Name | Shape::Names) {
            texts.insert(field.name);
        }
    }
    // Words of ours, and names of roles. A text that is added here is one to think about.
    assert_eq!(texts, BTreeSet::from(["fields", "reason", "role"]));
}
