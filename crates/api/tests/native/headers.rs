//! What stands at the head of every answer (WEB-04, WEB-05, LOG-03).

use http::Method;
use serde_json::json;
use testkit::{App, PASSWORD, Reply};

use super::support::{CURRENT, LOGIN, LOGOUT, REFRESH, REGISTER, RESTORE, any, any_with};

/// Answers of every kind.
async fn answers(app: &App) -> Vec<Reply> {
    app.register("ann").await;
    let token = testkit::access_token(&app.sign_in("ann").await);
    let calls = [
        app.get(CURRENT),
        app.get(CURRENT).bearer(&token),
        app.call(Method::HEAD, CURRENT).bearer(&token),
        app.post(LOGIN, &json!({ "identifier": "ann", "password": PASSWORD })),
        app.post(LOGIN, &json!({ "identifier": "ann", "password": "x" })),
        app.post(REGISTER, &json!({ "username": "bob", "password": PASSWORD })),
        app.post(REGISTER, &json!({ "username": "bob", "password": PASSWORD })),
        app.post(REGISTER, &json!([])),
        app.post(REGISTER, &json!({})).body("{"),
        app.post(REGISTER, &json!({})).body("x".repeat(70_000)),
        app.call(Method::POST, REGISTER),
        app.post(REFRESH, &json!({})),
        app.post(LOGOUT, &json!({})),
        app.post(RESTORE, &json!({ "identifier": "ann", "restoration_token": "x" })),
        app.get("/nowhere"),
        app.get("/api/v1/nowhere/at/all"),
        app.get("//api/v1/users/current"),
        app.get(REGISTER),
        app.call(Method::OPTIONS, CURRENT),
        app.call(Method::TRACE, "/nowhere"),
        app.call(Method::DELETE, "/livez"),
        app.get("/livez"),
        app.get("/readyz"),
        app.get("/metrics"),
        app.get("/.well-known/jwks.json"),
        app.get("/openapi.json"),
        app.get("/docs"),
        app.patch(CURRENT, &json!({})).cookie("access_token", &token).header("origin", "null"),
    ];
    let mut replies = Vec::new();
    for call in calls {
        replies.push(call.send().await);
    }
    replies
}

#[tokio::test]
async fn every_answer_keeps_browsers_on_a_short_leash() {
    let app = any().await;
    for reply in answers(&app).await {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{reply:?}");
        }
        let policy = reply.header("content-security-policy").expect("a policy");
        for directive in
            ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"]
        {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(reply.header("x-request-id").is_some());
        assert_eq!(reply.headers.get("server"), None);
        assert_eq!(reply.headers.get("x-powered-by"), None);
        assert_eq!(reply.headers.get("strict-transport-security"), None, "over plain HTTP");
    }
}

/// WEB-04
#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() {
    let app = any_with(&[("VESTIBULE_HTTP__PUBLIC_URL", "https://id.example.org")]).await;
    for reply in answers(&app).await {
        let value = reply.header("strict-transport-security");
        assert_eq!(value, Some("max-age=31536000; includeSubDomains"));
    }
}

/// WEB-05
#[tokio::test]
async fn nothing_about_a_person_is_kept_by_a_cache() {
    let app = any().await;
    for reply in answers(&app).await {
        let value = reply.header("cache-control").expect("it says");
        let is_public = value.starts_with("public");
        let is_ours = reply.status == 200 && !reply.text.contains("\"created_at\":\"2026");
        assert!(value == "no-store" || (is_public && is_ours), "{value}: {}", reply.text);
    }
}

/// API-01, API-05: every 4xx and 5xx is a problem document.
#[tokio::test]
async fn every_error_is_a_problem() {
    let app = any().await;
    let mut seen = std::collections::BTreeSet::new();
    for reply in answers(&app).await {
        if reply.status.is_client_error() || reply.status.is_server_error() {
            let code = reply.text_at("/code");
            super::support::assert_problem(&reply, reply.status.as_u16(), &code);
            for leak in ["panicked", "SELECT", "sqlx", "axum", "src/", "serde"] {
                assert!(!reply.text.contains(leak), "{}", reply.text);
            }
            seen.insert(reply.status.as_u16());
        } else if !reply.text.is_empty() {
            assert!(reply.header("content-type").is_some(), "{reply:?}");
        }
    }
    let expected = [400, 401, 403, 404, 405, 409, 413, 415, 422];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}

/// LOG-03
#[tokio::test]
async fn a_harmless_request_id_is_taken_and_another_replaced() {
    let app = any().await;
    for id in ["a", "0198f-_.Z", &"x".repeat(64)] {
        let reply = app.get(CURRENT).header("x-request-id", id).send().await;
        assert_eq!(reply.header("x-request-id"), Some(id));
        assert_eq!(reply.text_at("/instance"), format!("urn:request:{id}"));
    }
    for id in ["", " ", "a b", "a\tb", "{\"level\":\"INFO\"}", "<b>", "a;b", "a/b", &"x".repeat(65)]
    {
        let reply = app.get(CURRENT).header("x-request-id", id).send().await;
        let given = reply.header("x-request-id").expect("an id");
        assert_ne!(given, id);
        assert_eq!(given.len(), 36, "{given}");
        assert_eq!(reply.text_at("/instance"), format!("urn:request:{given}"));
    }
}

/// LOG-01: the id of the request that caused it stands in the event.
#[tokio::test]
async fn events_name_their_request() {
    let app = any().await;
    let body = json!({ "username": "ann", "password": PASSWORD });
    app.post(REGISTER, &body).header("x-request-id", "the-request").send().await.expect(201);
    let id = app.account("ann").await.id;
    let mut read = app.database.store.read().await.expect("a connection");
    let events = storage::events::of_user(&mut read, id).await.expect("events");
    assert_eq!(events[0].request_id.as_deref(), Some("the-request"));
    assert_eq!(events[0].actor, "user");
}
