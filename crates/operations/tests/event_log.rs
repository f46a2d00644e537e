//! The log as it is read: every event once, in order, as soon as it is there.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use std::time::Duration;

use domain::event::EventKind;
use domain::{Actor, Event, EventId, Identifier, Refusal, ServiceAccountId, Surface, UserId};
use operations::events::{Cursor, EventFilter, FeedPage, Reader, admit, follow, list, newest};
use operations::{Error, accounts};
use serde_json::{Value, json};
use storage::events::NewEvent;
use testkit::{App, Backend, on_every_backend};
use uuid::Uuid;

on_every_backend!(App::on =>
    what_happened_is_read_as_cloud_events_in_order,
    who_waits_hears_of_it_when_it_is_numbered,
);

async fn reader(app: &App) -> Reader {
    admit(&app.services, &app.services.operator()).await.unwrap()
}

/// Of everything.
async fn read(app: &App, after: &str, limit: usize) -> FeedPage {
    let filter = EventFilter::default();
    list(&app.services, &reader(app).await, &filter, at(after), limit).await.unwrap()
}

async fn wait(
    app: &App,
    after: &str,
    patience: Duration,
    stop: impl Future<Output = ()>,
) -> FeedPage {
    let (filter, reader) = (EventFilter::default(), reader(app).await);
    follow(&app.services, &reader, &filter, at(after), 10, patience, stop).await.unwrap()
}

fn at(text: &str) -> Cursor {
    text.parse().unwrap()
}

async fn id_of(app: &App, name: &str) -> UserId {
    accounts::find(&app.services, &Identifier::recognise(name)).await.unwrap().id
}

async fn what_happened_is_read_as_cloud_events_in_order(app: App) {
    app.register("ann").await;
    app.sign_in("ann").await;
    assert!(read(&app, "0", 100).await.events.is_empty());
    app.relay_events().await;
    let page = read(&app, "0", 1).await;
    assert_eq!((page.events.len(), page.next), (1, at("1")));
    let first = serde_json::to_value(&page.events[0]).unwrap();
    let id = id_of(&app, "ann").await.to_string();
    let expected = json!({
        "specversion": "1.0",
        "id": first["id"],
        "source": "http://127.0.0.1:8000",
        "type": "vestibule.user.registered.v1",
        "subject": id,
        "time": app.now().to_rfc3339(),
        "datacontenttype": "application/json",
        "sequence": "00000000000000000001",
        "userversion": "1",
        "actor": first["actor"],
        "data": {},
    });
    let mut first: Value = first;
    first.as_object_mut().unwrap().remove("actorid");
    assert_eq!(first, expected);
    let rest = read(&app, "1", 100).await;
    assert_eq!((rest.events.len(), rest.next), (1, at("2")));
    assert_eq!(rest.events[0].kind, "vestibule.user.signed_in.v1");
    let none = read(&app, "2", 100).await;
    assert_eq!((none.events.len(), none.next), (0, at("2")));
}

async fn who_waits_hears_of_it_when_it_is_numbered(app: App) {
    let patience = Duration::from_secs(30);
    let waiting = wait(&app, "0", patience, std::future::pending());
    let happening = async {
        app.register("ann").await;
        app.beside().await.relay_events().await;
    };
    let (page, ()) = tokio::join!(waiting, happening);
    assert_eq!(page.events[0].kind, "vestibule.user.registered.v1");

    let stopped = wait(&app, "1", patience, std::future::ready(())).await;
    assert!(stopped.events.is_empty());
    let in_vain = wait(&app, "1", Duration::from_millis(50), std::future::pending()).await;
    assert_eq!((in_vain.events.len(), in_vain.next), (0, at("1")));
}

/// What is wanted lies behind more than is looked through at once.
#[tokio::test]
async fn what_is_rare_is_found_behind_what_is_frequent() {
    const FREQUENT: u128 = 1100;
    let app = App::on(Backend::Sqlite).await;
    app.register("ann").await;
    let user_id = id_of(&app, "ann").await;
    let mut tx = app.database.store.write().await.unwrap();
    for number in 1..=FREQUENT {
        let is_last = number == FREQUENT;
        let new = NewEvent {
            id: EventId(Uuid::from_u128(number)),
            user_id,
            event: if is_last { &Event::PasswordChanged } else { &Event::UserUnblocked },
            actor: Actor::Operator,
            surface: Surface::Operator,
            request_id: None,
            address: None,
            agent: None,
            now: app.now(),
        };
        storage::events::push(&mut tx, &new).await.unwrap();
    }
    tx.commit().await.unwrap();
    app.relay_events().await;
    let kinds = vec![EventKind::PasswordChanged, EventKind::UserRegistered];
    let reader = reader(&app).await;
    for user in [None, Some(user_id)] {
        let filter = EventFilter { user, kinds: kinds.clone() };
        let (start, end) = (at("0"), at("1101"));
        let page = list(&app.services, &reader, &filter, start, 10).await.unwrap();
        let found: Vec<&str> = page.events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(found, ["vestibule.user.registered.v1", "vestibule.user.password_changed.v1"]);
        assert_eq!(page.next, end);
        let first = list(&app.services, &reader, &filter, start, 1).await.unwrap();
        assert_eq!((first.events.len(), first.next), (1, at("1")));
        let back =
            newest(&app.services, &app.services.operator(), &filter, None, 10).await.unwrap();
        let back: Vec<&str> = back.events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(back, found.into_iter().rev().collect::<Vec<_>>());
    }
}

/// What is wanted lies behind more than one call looks through: it says how far it came, however long it
/// would wait, and whoever goes on finds it.
#[tokio::test]
async fn a_call_looks_through_a_part_of_the_log_only() {
    const FREQUENT: &str = "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 120000) \
        INSERT INTO events (id, position, type, user_id, user_version, data, actor, surface, \
        occurred_at, recorded_at) SELECT randomblob(16), i, \
        CASE i WHEN 120000 THEN 'vestibule.user.password_changed.v1' ELSE 'vestibule.user.unblocked.v1' END, \
        (SELECT id FROM users), i, '{}', 'operator', 'operator', 1, 1 FROM n; \
        UPDATE event_leader SET position = 120000";
    let app = App::on(Backend::Sqlite).await;
    app.register("ann").await;
    app.relay_events().await;
    app.database.execute(FREQUENT).await;
    let reader = reader(&app).await;
    let user = Some(id_of(&app, "ann").await);
    for user in [None, user] {
        let filter = EventFilter { user, kinds: vec![EventKind::PasswordChanged] };
        let mut after = at("0");
        let mut found = Vec::new();
        for reached in ["50000", "100000", "120000"] {
            let (patience, never) = (Duration::from_secs(30), std::future::pending());
            let page = follow(&app.services, &reader, &filter, after, 10, patience, never);
            let page = page.await.unwrap();
            assert_eq!(page.next, at(reached));
            after = page.next;
            found.extend(page.events);
        }
        assert_eq!(found.len(), 1);
    }
}

/// Streams and calls that wait are calls too. Others are not kept from theirs.
#[tokio::test]
async fn nobody_has_more_than_so_many_calls_at_once() {
    let app = App::on(Backend::Sqlite).await;
    let operator = app.services.operator();
    let service = |number| {
        let id = ServiceAccountId(Uuid::from_u128(number));
        operator.acting_as(Actor::Service(id))
    };
    let mut calls = Vec::new();
    for _ in 0..64 {
        calls.push(admit(&app.services, &service(1)).await.unwrap());
    }
    let refused = admit(&app.services, &service(1)).await.err();
    let is_expected = matches!(refused, Some(Error::Refused(Refusal::TooManyRequests { .. })));
    assert!(is_expected, "{refused:?}");
    admit(&app.services, &service(2)).await.unwrap();
    calls.pop();
    admit(&app.services, &service(1)).await.unwrap();
}
