//! `GET /api/v1/events` and `GET /api/v1/admin/events` (R-06, LOG-06)

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::json_schema::violations;
use testkit::{App, Backend, Call, PASSWORD, on_every_backend};

use super::support::{CURRENT, any, any_with, assert_field, assert_problem};
use super::tokens::service;

pub(super) const FEED: &str = "/api/v1/events";
const NEWEST: &str = "/api/v1/admin/events";
const JSON: &str = "application/json";
const BATCH: &str = "application/cloudevents-batch+json";

on_every_backend!(App::on =>
    the_log_is_read_from_its_beginning_and_from_every_cursor,
    what_is_asked_for_is_all_that_is_told,
    who_waits_is_answered_when_something_happens_elsewhere,
    r_06_an_event_that_commits_late_is_not_skipped,
    a_reader_misses_nothing_while_others_write,
    administrators_read_it_from_its_end,
    log_06_no_event_tells_anything_personal,
);

pub(super) async fn reader(app: &App) -> String {
    service(app, "billing", &["events:read"]).await
}

pub(super) fn feed(app: &App, who: &str, query: &str) -> Call {
    app.get(&format!("{FEED}{query}")).header("authorization", who)
}

async fn page(app: &App, who: &str, query: &str) -> Value {
    feed(app, who, query).send().await.expect(200).json()
}

pub(super) fn next(page: &Value) -> String {
    page["next"].as_str().expect("a cursor").to_owned()
}

fn events(page: &Value) -> &[Value] {
    page["events"].as_array().expect("a list")
}

/// The numbers of the events.
fn sequence(page: &Value) -> Vec<i64> {
    let number = |event: &Value| event["sequence"].as_str()?.parse().ok();
    events(page).iter().map(|event| number(event).expect("a number")).collect()
}

/// The types of the events, without their common beginning and version.
fn types(page: &Value) -> Vec<String> {
    let name = |event: &Value| {
        let name = event["type"].as_str()?.strip_prefix("vestibule.")?.strip_suffix(".v1")?;
        Some(name.to_owned())
    };
    events(page).iter().map(|event| name(event).expect("a type")).collect()
}

fn assert_valid(event: &Value) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/events");
    let name = event["type"].as_str().expect("a type");
    let schema = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("a schema");
    let schema = serde_json::from_str(&schema).expect("JSON");
    assert_eq!(violations(&schema, event), [""; 0], "{event}");
}

async fn the_log_is_read_from_its_beginning_and_from_every_cursor(app: App) {
    let who = reader(&app).await;
    let empty = page(&app, &who, "").await;
    assert_eq!(empty, json!({ "events": [], "next": "00000000000000000000" }));
    app.newcomer("ann").await;
    app.newcomer("bob").await;
    assert_eq!(page(&app, &who, "").await, empty, "what has no number is not told yet");
    app.relay_events().await;

    let reply = feed(&app, &who, "?limit=3").send().await.expect(200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("vary"), Some("Accept"));
    let first = reply.json();
    assert_eq!(types(&first), ["user.registered", "user.signed_in", "user.registered"]);
    assert_eq!(sequence(&first), [1, 2, 3]);
    events(&first).iter().for_each(assert_valid);
    assert_eq!(first["next"], first["events"][2]["sequence"], "a cursor is where one is");
    let link = reply.header("link").expect("where to go on");
    let address = "/api/v1/events?after=00000000000000000003&limit=3";
    assert_eq!(link, format!("<{address}>; rel=\"next\""));
    let rest = app.get(address).header("authorization", &who).send().await.expect(200).json();
    assert_eq!((sequence(&rest), next(&rest)), (vec![4], "00000000000000000004".to_owned()));
    let end = page(&app, &who, &format!("?after={}", next(&rest))).await;
    assert_eq!((sequence(&end), next(&end)), (vec![], next(&rest)));
    assert_eq!(page(&app, &who, "?after=latest").await, end);
    assert_eq!(page(&app, &who, "?after=3").await, page(&app, &who, "?after=0000000003").await);

    let batch = feed(&app, &who, "?after=2").header("accept", BATCH).send().await.expect(200);
    assert_eq!(batch.header("content-type"), Some(BATCH));
    let all = page(&app, &who, "?after=2").await;
    assert_eq!(batch.json(), all["events"]);
    assert!(batch.header("link").is_some_and(|link| link.contains(&next(&all))));
}

async fn what_is_asked_for_is_all_that_is_told(app: App) {
    let who = reader(&app).await;
    let (ann, _) = (app.newcomer("ann").await, app.newcomer("bob").await);
    let change = json!({ "first_name": "Ann" });
    app.patch(CURRENT, &change).bearer(&ann).send().await.expect(200);
    app.relay_events().await;
    let ann = app.account("ann").await.id;
    let of_ann = page(&app, &who, &format!("?user={ann}")).await;
    assert_eq!(types(&of_ann), ["user.registered", "user.signed_in", "user.profile_updated"]);
    assert!(events(&of_ann).iter().all(|event| event["subject"] == ann.to_string()));
    assert_eq!(next(&of_ann), "00000000000000000005", "nothing else is wanted up to there");

    let named = "type=vestibule.user.registered.v1&type=vestibule.user.profile_updated.v1";
    let both = page(&app, &who, &format!("?{named}&limit=2")).await;
    assert_eq!(
        (types(&both), sequence(&both)),
        (vec!["user.registered".to_owned(); 2], vec![1, 3])
    );
    let rest = page(&app, &who, &format!("?{named}&after={}", next(&both))).await;
    assert_eq!((sequence(&rest), next(&rest)), (vec![5], "00000000000000000005".to_owned()));
    let one = page(&app, &who, &format!("?user={ann}&type=vestibule.user.signed_in.v1")).await;
    assert_eq!((sequence(&one), next(&one)), (vec![2], "00000000000000000005".to_owned()));
    for none in ["?user=nobody", "?type=vestibule.user.purged.v1"] {
        let none = page(&app, &who, none).await;
        assert_eq!((sequence(&none), next(&none)), (vec![], "00000000000000000005".to_owned()));
    }
}

/// At another instance than the one that is asked.
async fn who_waits_is_answered_when_something_happens_elsewhere(app: App) {
    let who = reader(&app).await;
    let elsewhere = app.beside().await;
    let waiting = feed(&app, &who, "?wait=30").send();
    let happening = async {
        elsewhere.register("ann").await;
        elsewhere.relay_events().await;
    };
    let (reply, ()) = tokio::join!(waiting, happening);
    let news = reply.expect(200).json();
    assert_eq!(types(&news), ["user.registered"]);

    // What nobody asked for ends nobody's wait.
    let query = format!("?wait=30&type=vestibule.user.signed_in.v1&after={}", next(&news));
    let waiting = feed(&app, &who, &query).send();
    let happening = async {
        elsewhere.register("bob").await;
        elsewhere.relay_events().await;
        elsewhere.sign_in("bob").await;
        elsewhere.relay_events().await;
    };
    let (reply, ()) = tokio::join!(waiting, happening);
    assert_eq!(types(&reply.expect(200).json()), ["user.signed_in"]);

    app.draining.begin();
    let nothing = page(&app, &who, "?wait=30&after=latest").await;
    assert_eq!(sequence(&nothing), [0; 0], "nobody waits for the end");
}

async fn r_06_an_event_that_commits_late_is_not_skipped(app: App) {
    let who = reader(&app).await;
    app.newcomer("ann").await;
    let bob = app.newcomer("bob").await;
    app.relay_events().await;
    let before = next(&page(&app, &who, "?after=latest").await);
    let late = app.account("ann").await.id;
    let store = app.database.connect_again().await;
    let mut tx = store.write().await.expect("a transaction");
    let event = storage::events::NewEvent {
        // Older than anything that comes now.
        id: domain::EventId::new(app.now(), [0; 10]),
        user_id: late,
        event: &domain::Event::UserUnblocked,
        actor: domain::Actor::Operator,
        surface: domain::Surface::Operator,
        request_id: None,
        address: None,
        agent: None,
        now: app.now(),
    };
    storage::events::push(&mut tx, &event).await.expect("written");
    // SQLite lets one transaction write at a time: there nothing is recorded in between.
    let is_alone = app.database.backend == Backend::Sqlite;
    if !is_alone {
        let change = json!({ "first_name": "Bob" });
        app.patch(CURRENT, &change).bearer(&bob).send().await.expect(200);
        app.relay_events().await;
    }
    let seen = page(&app, &who, &format!("?after={before}")).await;
    assert_eq!(events(&seen).is_empty(), is_alone);
    tx.commit().await.expect("committed");
    app.relay_events().await;
    let news = page(&app, &who, &format!("?after={}", next(&seen))).await;
    assert_eq!(types(&news), ["user.unblocked"], "the reader was past its time");
    assert_eq!(news["events"][0]["subject"], late.to_string());
}

async fn a_reader_misses_nothing_while_others_write(app: App) {
    const WRITERS: usize = 4;
    const EACH: usize = 5;
    let who = reader(&app).await;
    let elsewhere = app.beside().await;
    let writer = |place: usize| {
        let app = if place.is_multiple_of(2) { &app } else { &elsewhere };
        async move {
            for number in 0..EACH {
                app.newcomer(&format!("user{place}x{number}")).await;
            }
        }
    };
    let writing = async {
        tokio::join!(writer(0), writer(1), writer(2), writer(3));
    };
    let expected = WRITERS * EACH * 2;
    let numbering = async {
        loop {
            elsewhere.relay_events().await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let reading = async {
        let (mut seen, mut after) = (Vec::new(), "0".to_owned());
        while seen.len() < expected {
            let page = page(&app, &who, &format!("?wait=5&limit=3&after={after}")).await;
            seen.extend(sequence(&page));
            after = next(&page);
        }
        seen
    };
    let reading = async {
        tokio::select! {
            seen = reading => seen,
            () = numbering => unreachable!("it goes on for ever"),
        }
    };
    let (seen, ()) = tokio::join!(reading, writing);
    let all: Vec<i64> = (1..).take(expected).collect();
    assert_eq!(seen, all, "each once, in order");
}

async fn administrators_read_it_from_its_end(app: App) {
    app.newcomer("root").await;
    let operator = app.services.operator();
    let (id, role) = (app.account("root").await.id, domain::RoleName::new("admin"));
    operations::roles::grant(&app.services, &operator, id, &role).await.expect("granted");
    let root = testkit::access_token(&app.sign_in("root").await);
    app.newcomer("ann").await;
    app.relay_events().await;
    let newest = async |query: &str| {
        let call = app.get(&format!("{NEWEST}{query}")).bearer(&root);
        call.send().await.expect(200).json()
    };
    let all = newest("").await;
    assert_eq!(sequence(&all), [6, 5, 4, 3, 2, 1]);
    assert_eq!((all["next"].clone(), types(&all)[0].as_str()), (Value::Null, "user.signed_in"));
    events(&all).iter().for_each(assert_valid);
    let first = newest("?limit=4").await;
    assert_eq!(sequence(&first), [6, 5, 4, 3]);
    let rest = newest(&format!("?limit=4&cursor={}", next(&first))).await;
    assert_eq!((sequence(&rest), rest["next"].clone()), (vec![2, 1], Value::Null));
    let of_root = newest(&format!("?user={id}&limit=2")).await;
    assert_eq!(types(&of_root), ["user.signed_in", "user.role_granted"]);
    let granted = newest("?type=vestibule.user.role_granted.v1").await;
    assert_eq!((sequence(&granted), granted["next"].clone()), (vec![3], Value::Null));

    let ann = testkit::access_token(&app.sign_in("ann").await);
    app.get(NEWEST).bearer(&ann).send().await.expect(403);
    for (query, field, code) in [
        ("?cursor=-1", "cursor", "not_a_cursor"),
        ("?limit=201", "limit", "too_large"),
        ("?type=user.deleted", "type", "unknown_value"),
        ("?before=7", "before", "unknown_field"),
    ] {
        let reply = app.get(&format!("{NEWEST}{query}")).bearer(&root).send().await;
        assert_field(&reply, field, code);
    }
}

async fn log_06_no_event_tells_anything_personal(app: App) {
    let who = reader(&app).await;
    let token = app.newcomer("canary-one").await;
    let change = json!({
        "username": "canary-two", "email": "canary-three@example.net", "first_name": "Canaryfour",
        "phone": "+15550177777", "metadata": { "canary": "five" },
        "current_password": PASSWORD, "password": "canary six of a password",
    });
    app.patch(CURRENT, &change).bearer(&token).send().await.expect(200);
    app.try_sign_in("canary-two", "canary seven").await.expect(401);
    operations::passwords::tell_of_failures(&app.services).await.expect("told");
    let pair = app.try_sign_in("canary-two", "canary six of a password").await.expect(200).json();
    let access = testkit::access_token(&pair);
    let password = json!({ "current_password": "canary six of a password" });
    app.delete(CURRENT, &password).bearer(&access).send().await.expect(200);
    app.relay_events().await;
    let reply = feed(&app, &who, "?limit=1000").send().await.expect(200);
    let told = types(&reply.json());
    for name in ["registered", "profile_updated", "password_changed", "sign_in_failed", "deleted"] {
        assert!(told.contains(&format!("user.{name}")), "{name} in {told:?}");
    }
    let text = reply.text.to_lowercase();
    let refresh = testkit::refresh_token(&pair);
    let peer = "192.0.2.1";
    for value in ["canary", "15550177777", "staple", "example.net", peer, &access, &refresh] {
        assert!(!text.contains(&value.to_lowercase()), "{value} in {text}");
    }
}

/// Silence about a loss would be worse.
#[tokio::test]
async fn whoever_missed_forgotten_events_is_told() {
    let app = any_with(&[("VESTIBULE_EVENTS__KEEP", "90d")]).await;
    let who = reader(&app).await;
    app.register("ann").await;
    app.register("bob").await;
    app.relay_events().await;
    app.database.execute("UPDATE events SET recorded_at = 1 WHERE position <= 2").await;
    app.sweep().await;
    assert_problem(&feed(&app, &who, "?after=1").send().await, 410, "events_forgotten");
    let stream = feed(&app, &who, "").header("accept", "text/event-stream");
    let reply = stream.header("last-event-id", "1").send().await;
    assert_problem(&reply, 410, "events_forgotten");
    feed(&app, &who, "?after=2").send().await.expect(200);
    feed(&app, &who, "").send().await.expect(200);
}

#[tokio::test]
async fn a_wrong_question_is_refused() {
    let app = any().await;
    let who = reader(&app).await;
    app.register("ann").await;
    app.relay_events().await;
    for (query, field, code) in [
        ("?after=", "after", "not_a_cursor"),
        ("?after=-1", "after", "not_a_cursor"),
        ("?after=yesterday", "after", "not_a_cursor"),
        ("?after=2", "after", "not_a_cursor"),
        ("?after=2&wait=5", "after", "not_a_cursor"),
        ("?after=9223372036854775807", "after", "not_a_cursor"),
        ("?after=1&after=1", "after", "duplicate"),
        ("?limit=0", "limit", "too_small"),
        ("?limit=1001", "limit", "too_large"),
        ("?wait=31", "wait", "too_large"),
        ("?wait=-1", "wait", "too_small"),
        ("?wait=soon", "wait", "wrong_type"),
        ("?type=vestibule.user.*", "type", "unknown_value"),
        ("?since=1", "since", "unknown_field"),
    ] {
        assert_field(&feed(&app, &who, query).send().await, field, code);
    }
    let stream = feed(&app, &who, "?after=2").header("accept", "text/event-stream");
    assert_field(&stream.send().await, "after", "not_a_cursor");
    for id in ["2", "x"] {
        let stream = feed(&app, &who, "").header("accept", "text/event-stream");
        let reply = stream.header("last-event-id", id).send().await;
        assert_field(&reply, "Last-Event-ID", "not_a_cursor");
    }
    feed(&app, &who, "?after=1").send().await.expect(200);
}

#[tokio::test]
async fn only_services_that_may_are_answered() {
    let app = any().await;
    assert_problem(&app.get(FEED).send().await, 401, "invalid_client");
    let stranger = service(&app, "stranger", &["revocations:read"]).await;
    assert_problem(&feed(&app, &stranger, "").send().await, 403, "permission_missing");
    let ann = app.newcomer("ann").await;
    assert_problem(&app.get(FEED).bearer(&ann).send().await, 401, "invalid_client");
    let who = reader(&app).await;
    assert_problem(
        &app.get(NEWEST).header("authorization", &who).send().await,
        401,
        "token_malformed",
    );
}

#[tokio::test]
async fn the_form_is_what_the_client_takes() {
    let app = any().await;
    let who = reader(&app).await;
    for (accept, kind) in [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("Application/JSON; charset=utf-8", JSON),
        (BATCH, BATCH),
        ("application/cloudevents-batch+json, */*;q=0.1", BATCH),
        ("application/json;q=0.5, application/cloudevents-batch+json", BATCH),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("text/*, application/json;q=0", "text/event-stream"),
        ("text/event-stream", "text/event-stream"),
        ("text/event-stream, */*", "text/event-stream"),
    ] {
        let call = feed(&app, &who, "").header("accept", accept);
        let response = call.send_streaming().await;
        assert_eq!(response.status(), 200, "{accept}");
        assert_eq!(response.headers()["content-type"], kind, "{accept}");
    }
    for accept in ["text/html", "application/xml", "image/*", "application/json;q=0", "json"] {
        let reply = feed(&app, &who, "").header("accept", accept).send().await;
        assert_problem(&reply, 406, "not_acceptable");
    }
}

/// What the document says of an event is what the schemas say.
#[tokio::test]
async fn the_document_describes_events() {
    let app = any().await;
    let document = app.get("/openapi.json").send().await.expect(200).json();
    let described = &document["components"]["schemas"]["EventView"];
    let who = reader(&app).await;
    app.register("ann").await;
    app.relay_events().await;
    let event = &page(&app, &who, "").await["events"][0];
    assert_eq!(violations(described, event), [""; 0]);
    let names = |value: &Value| value.as_object().expect("an object").keys().cloned().collect();
    let (known, told): (BTreeSet<String>, BTreeSet<String>) =
        (names(&described["properties"]), names(event));
    assert!(known.is_superset(&told), "{known:?}");
}
