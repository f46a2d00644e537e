//! `GET /api/v1/events` as server-sent events.

use std::time::Duration;

use axum::body::Body;
use domain::ServiceAccountId;
use http_body_util::BodyExt;
use operations::service_accounts;
use serde_json::Value;
use testkit::{App, Call, on_every_backend};

use super::events::{feed, next, reader};
use super::support::{assert_problem, retry_after};

on_every_backend!(App::on =>
    a_stream_tells_what_happens_until_the_process_stops,
    a_stream_ends_when_its_service_may_read_no_more,
);

/// How long nobody who may not read is told anything.
const LOOKED_AT_WITHIN: Duration = Duration::from_secs(20);

#[derive(Debug, PartialEq)]
struct Told {
    id: String,
    /// The type of the event and its data; none where only the place is told.
    event: Option<(String, Value)>,
}

/// The next of the stream, without signs of life; `None` at its end.
async fn told(body: &mut Body) -> Option<Told> {
    loop {
        let frame = body.frame().await?.expect("a stream without errors");
        let bytes = frame.into_data().expect("data");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::to_owned)
        };
        let Some(id) = field("id: ") else { continue };
        let event = field("event: ").zip(field("data: "));
        let event = event.map(|(name, data)| (name, serde_json::from_str(&data).expect("JSON")));
        return Some(Told { id, event });
    }
}

/// The next event, and its cursor.
async fn event(body: &mut Body) -> (String, Value) {
    let told = told(body).await.expect("an event");
    let (name, data) = told.event.expect("an event");
    assert_eq!((&data["type"], &data["sequence"]), (&name.into(), &told.id.clone().into()));
    (told.id, data)
}

fn stream(app: &App, who: &str, query: &str) -> Call {
    feed(app, who, query).header("accept", "text/event-stream")
}

async fn opened(call: Call) -> Body {
    let response = call.send_streaming().await;
    assert_eq!(response.status(), 200);
    response.into_body()
}

async fn a_stream_tells_what_happens_until_the_process_stops(app: App) {
    let who = reader(&app).await;
    let elsewhere = app.beside().await;
    app.register("ann").await;
    app.relay_events().await;
    let mut body = opened(stream(&app, &who, "")).await;
    let begin = Told { id: "00000000000000000000".to_owned(), event: None };
    assert_eq!(told(&mut body).await, Some(begin), "whoever is cut off now knows where to go on");
    let (first, registered) = event(&mut body).await;
    assert_eq!(registered["type"], "vestibule.user.registered.v1");

    elsewhere.sign_in("ann").await;
    elsewhere.relay_events().await;
    let (second, signed_in) = event(&mut body).await;
    assert_eq!(signed_in["type"], "vestibule.user.signed_in.v1");
    app.sign_in("ann").await;
    app.relay_events().await;
    let (third, _) = event(&mut body).await;
    assert!(first < second && second < third);
    app.draining.begin();
    assert_eq!(told(&mut body).await, None);

    // A browser asks the same again, and says how far it came.
    let again = stream(&elsewhere, &who, "?after=latest").header("last-event-id", &first);
    let mut body = opened(again).await;
    assert_eq!(told(&mut body).await.map(|told| told.id), Some(first));
    assert_eq!((event(&mut body).await.0, event(&mut body).await.0), (second, third.clone()));

    let mut body = opened(stream(&elsewhere, &who, "?after=latest")).await;
    assert_eq!(told(&mut body).await.map(|told| told.id), Some(third.clone()));
    let page = feed(&elsewhere, &who, "?after=latest").send().await.expect(200).json();
    assert_eq!(next(&page), third);
}

async fn a_stream_ends_when_its_service_may_read_no_more(app: App) {
    let (who, other) =
        (reader(&app).await, super::tokens::service(&app, "other", &["events:read"]).await);
    let operator = app.services.operator();
    let id = |name: &'static str| {
        let (services, operator) = (&app.services, &operator);
        async move {
            service_accounts::find_by_name(services, operator, name).await.expect("it is there").id
        }
    };
    let (deleted, forbidden): (ServiceAccountId, ServiceAccountId) =
        (id("billing").await, id("other").await);
    let mut bodies = [opened(stream(&app, &who, "")).await, opened(stream(&app, &other, "")).await];
    for body in &mut bodies {
        assert!(told(body).await.expect("where it begins").event.is_none());
    }
    service_accounts::delete(&app.services, &operator, deleted).await.expect("deleted");
    let services = &app.services;
    service_accounts::forbid(services, &operator, forbidden, &["events:read".to_owned()])
        .await
        .expect("forbidden");
    for body in &mut bodies {
        let end = tokio::time::timeout(LOOKED_AT_WITHIN, told(body)).await;
        assert_eq!(end.expect("soon"), None);
    }
    stream(&app, &who, "").send().await.expect(401);
    stream(&app, &other, "").send().await.expect(403);
}

/// A service that opens more and more keeps nobody else from anything.
#[tokio::test]
async fn a_service_has_so_many_streams_and_no_more() {
    let app = super::support::any().await;
    let (who, other) =
        (reader(&app).await, super::tokens::service(&app, "other", &["events:read"]).await);
    let mut bodies = Vec::new();
    for _ in 0..64 {
        bodies.push(opened(stream(&app, &who, "")).await);
    }
    let refused = stream(&app, &who, "").send().await;
    assert_problem(&refused, 429, "too_many_requests");
    assert_eq!(retry_after(&refused), 1);
    feed(&app, &who, "").send().await.expect(429);
    feed(&app, &other, "").send().await.expect(200);
    bodies.pop();
    feed(&app, &who, "").send().await.expect(200);
}
