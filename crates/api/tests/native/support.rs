//! What the tests of the native API say again and again.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use storage::events;
use testkit::{App, Backend, Call, PASSWORD, Reply};
use tokio::task::JoinSet;

pub(super) const REGISTER: &str = "/api/v1/auth/register";
pub(super) const LOGIN: &str = "/api/v1/auth/login";
pub(super) const REFRESH: &str = "/api/v1/auth/refresh";
pub(super) const LOGOUT: &str = "/api/v1/auth/logout";
pub(super) const LOGOUT_ALL: &str = "/api/v1/auth/logout/all";
pub(super) const CURRENT: &str = "/api/v1/users/current";
pub(super) const RESTORE: &str = "/api/v1/users/restore";

/// An application whose line for hashing is long enough for a crowd, however slow the machine is.
pub(super) async fn roomy(backend: Backend) -> App {
    App::with(&[("VESTIBULE_PASSWORDS__THREADS", "8")]).start(backend).await
}

/// On SQLite, where no database decides anything.
pub(super) async fn any() -> App {
    App::on(Backend::Sqlite).await
}

/// On SQLite, with these settings.
pub(super) async fn any_with(settings: &[(&str, &str)]) -> App {
    App::with(settings).start(Backend::Sqlite).await
}

/// A problem document with everything that API-01 asks for.
#[track_caller]
pub(super) fn assert_problem(reply: &Reply, status: u16, code: &str) {
    assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    let body = reply.json();
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["code"], code, "{body}");
    assert_eq!(body["type"], format!("urn:vestibule:problem:{code}"), "{body}");
    for member in ["title", "detail", "instance"] {
        assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {body}");
    }
    let id = reply.header("x-request-id").expect("every answer has an id");
    assert_eq!(body["instance"], format!("urn:request:{id}"));
    assert!(body["errors"].is_array(), "{body}");
    if status == 401 {
        let challenge = reply.header("www-authenticate").expect("401 says how");
        let scheme = if code == "invalid_client" { "Basic " } else { "Bearer " };
        assert!(challenge.starts_with(scheme), "{challenge}");
    }
    if matches!(status, 429 | 503) {
        let wait = reply.header("retry-after").expect("it says when to come back");
        assert!(wait.parse::<u32>().is_ok(), "{wait}");
    }
}

/// A 422 that names the field and the rule.
#[track_caller]
pub(super) fn assert_field(reply: &Reply, field: &str, code: &str) {
    assert_problem(reply, 422, "invalid");
    assert!(names(reply, field, code), "no {field}:{code} in {}", reply.text);
}

/// Whether the problem names this field with this code.
pub(super) fn names(reply: &Reply, field: &str, code: &str) -> bool {
    let body = reply.json();
    let errors = body["errors"].as_array().expect("errors");
    errors.iter().any(|error| error["field"] == field && error["code"] == code)
}

/// Registers with these fields and [`PASSWORD`].
pub(super) async fn register(app: &App, mut fields: Value) -> Reply {
    fields["password"] = json!(PASSWORD);
    app.post(REGISTER, &fields).send().await
}

/// What the token says about itself: 200 while it lives.
pub(super) async fn standing(app: &App, access: &str) -> u16 {
    app.get(CURRENT).bearer(access).send().await.status.as_u16()
}

pub(super) async fn refresh(app: &App, token: &str) -> Reply {
    app.post(REFRESH, &json!({ "refresh_token": token })).send().await
}

/// All of the calls at once, each on a task of its own.
pub(super) async fn at_once(calls: impl IntoIterator<Item = Call>) -> Vec<Reply> {
    let mut running: JoinSet<Reply> = calls.into_iter().map(Call::send).collect();
    let mut replies = Vec::new();
    while let Some(reply) = running.join_next().await {
        replies.push(reply.expect("no call panics"));
    }
    replies
}

/// How often each status came.
pub(super) fn statuses(replies: &[Reply]) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for reply in replies {
        *counts.entry(reply.status.as_u16()).or_default() += 1;
    }
    counts
}

/// The names of the events of an account, oldest first, without their common beginning.
pub(super) async fn events_of(app: &App, user: &Value) -> Vec<String> {
    let id = user["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let mut read = app.database.store.read().await.expect("the database answers");
    let events = events::of_user(&mut read, domain::UserId(id)).await.expect("events");
    let short = |name: &str| name.trim_start_matches("vestibule.").to_owned();
    events.iter().map(|event| short(&event.name)).collect()
}

/// How many seconds the answer asks to stay away.
#[track_caller]
pub(super) fn retry_after(reply: &Reply) -> u64 {
    let header = reply.header("Retry-After").expect("Retry-After");
    header.parse().expect("whole seconds")
}
