//! `GET /api/v1/revocations` (SES-07, SES-09)

use axum::body::Body;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use testkit::{App, Call, access_token, on_every_backend};

use super::forge::Parts;
use super::support::{LOGOUT, any, assert_problem};
use super::tokens::service;

const FEED: &str = "/api/v1/revocations";

on_every_backend!(App::on =>
    the_feed_tells_what_ended_and_goes_on_from_there,
    who_waits_is_answered_when_something_ends,
    a_stream_tells_what_ends_until_the_process_stops,
);

async fn reader(app: &App) -> String {
    service(app, "gateway", &["revocations:read"]).await
}

fn feed(app: &App, who: &str, query: &str) -> Call {
    app.get(&format!("{FEED}{query}")).header("authorization", who)
}

fn next(body: &Value) -> String {
    body["next"].as_str().expect("a cursor").to_owned()
}

/// Signs in and out; answers the entry that tells of it.
async fn come_and_go(app: &App) -> Value {
    let access = access_token(&app.sign_in("ann").await);
    let sid = Parts::of(&access).claims["sid"].clone();
    app.post(LOGOUT, &json!({})).bearer(&access).send().await.expect(204);
    json!({ "sid": sid, "until": app.now().as_seconds() + 660 })
}

async fn the_feed_tells_what_ended_and_goes_on_from_there(app: App) {
    app.register("ann").await;
    let who = reader(&app).await;
    let first = come_and_go(&app).await;
    let reply = feed(&app, &who, "").send().await.expect(200);
    assert_eq!(reply.json()["revocations"], json!([first]));
    let tag = reply.header("etag").expect("a tag").to_owned();
    for known in [tag.clone(), format!("\"else\", W/{tag}"), "*".to_owned()] {
        let same = feed(&app, &who, "").header("if-none-match", &known).send().await.expect(304);
        assert_eq!((same.text.as_str(), same.header("etag")), ("", Some(tag.as_str())));
    }

    let since = format!("?since={}", next(&reply.json()));
    let second = come_and_go(&app).await;
    let call = feed(&app, &who, &since).header("if-none-match", &tag);
    let news = call.send().await.expect(200).json();
    let told = news["revocations"].as_array().expect("a list");
    assert!(told.contains(&second), "{news}");
    let since = format!("?since={}", next(&news));
    let nothing = feed(&app, &who, &since).send().await.expect(200);
    assert_eq!(nothing.json()["next"], news["next"]);
    let tag = nothing.header("etag").expect("a tag");
    feed(&app, &who, &since).header("if-none-match", tag).send().await.expect(304);

    let id = app.account("ann").await.id;
    let role = domain::RoleName::new("moderator");
    let operator = app.services.operator();
    operations::roles::grant(&app.services, &operator, id, &role).await.expect("granted");
    let news = feed(&app, &who, "").send().await.expect(200).json();
    let now = app.now().as_seconds();
    // Tokens of mailed_codes live longest: twelve hours.
    let expected = json!({ "sub": id.to_string(), "before": now + 2, "until": now + 43_260 });
    assert!(news["revocations"].as_array().expect("a list").contains(&expected), "{news}");
}

async fn who_waits_is_answered_when_something_ends(app: App) {
    app.register("ann").await;
    let who = reader(&app).await;
    let begin = next(&feed(&app, &who, "").send().await.json());
    let waiting = feed(&app, &who, &format!("?since={begin}&wait=30")).send();
    let (reply, ended) = tokio::join!(waiting, come_and_go(&app));
    let news = reply.expect(200).json();
    assert_eq!(news["revocations"], json!([ended]));
    app.draining.begin();
    let waiting = feed(&app, &who, &format!("?since={}&wait=30", next(&news))).send().await;
    assert_eq!(waiting.expect(200).json()["next"], news["next"], "nobody waits for the end");
}

/// The next event of a stream, without signs of life; `None` at its end.
async fn next_event(body: &mut Body) -> Option<(String, Value)> {
    let frame = body.frame().await?.expect("a stream without errors");
    let bytes = frame.into_data().expect("data");
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.expect(name).to_owned()
    };
    assert_eq!(field("event: "), "revocations");
    Some((field("id: "), serde_json::from_str(&field("data: ")).expect("JSON")))
}

async fn a_stream_tells_what_ends_until_the_process_stops(app: App) {
    app.register("ann").await;
    let who = reader(&app).await;
    let first = come_and_go(&app).await;
    let call = feed(&app, &who, "").header("accept", "text/event-stream");
    let (parts, mut body) = call.send_streaming().await.into_parts();
    assert_eq!(parts.headers["content-type"], "text/event-stream");
    let (_, told) = next_event(&mut body).await.expect("what was there");
    assert_eq!(told["revocations"], json!([first]));
    let second = come_and_go(&app).await;
    let (id, told) = next_event(&mut body).await.expect("news");
    assert!(told["revocations"].as_array().expect("a list").contains(&second), "{told}");
    assert_eq!(id, next(&told));
    app.draining.begin();
    assert!(next_event(&mut body).await.is_none());

    let third = come_and_go(&app).await;
    let again = feed(&app, &who, "").header("accept", "text/event-stream");
    let again = again.header("last-event-id", &id).send_streaming().await;
    let (_, told) = next_event(&mut again.into_body()).await.expect("what came meanwhile");
    assert!(told["revocations"].as_array().expect("a list").contains(&third), "{told}");
}

#[tokio::test]
async fn a_wrong_question_is_refused() {
    let app = any().await;
    let who = reader(&app).await;
    for query in ["?since=yesterday", "?wait=soon", "?wait=31", "?wait=-1", "?since="] {
        let reply = feed(&app, &who, query).send().await;
        assert_problem(&reply, 422, "invalid");
    }
    let reply = app.get(FEED).send().await;
    assert_eq!(reply.status, 401);
    let stranger = service(&app, "stranger", &["tokens:introspect"]).await;
    assert_eq!(feed(&app, &stranger, "").send().await.status, 403);
    let ann = app.newcomer("ann").await;
    assert_eq!(app.get(FEED).bearer(&ann).send().await.status, 401, "people are no services");
}
