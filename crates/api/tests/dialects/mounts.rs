//! Which surface answers where: prefixes, switches, and what is nowhere.

use http::Method;
use serde_json::json;
use testkit::{App, Backend};

const PASSWORD: &str = "examplePassword";

async fn with(settings: &[(&str, &str)]) -> App {
    App::with(settings).start(Backend::Sqlite).await
}

async fn status(app: &App, path: &str) -> u16 {
    app.get(path).send().await.status.as_u16()
}

#[tokio::test]
async fn every_path_answers_in_both_spellings() {
    let app = with(&[]).await;
    for path in ["/users", "/users/admin", "/api/auth/users/me", "/api/auth/users/1"] {
        assert_eq!(status(&app, path).await, 401, "{path}");
        assert_eq!(status(&app, &format!("{path}/")).await, 401, "{path}/");
    }
    for path in ["/users/register", "/auth/token", "/api/auth/jwt/create"] {
        assert_eq!(status(&app, path).await, 405, "{path}");
        assert_eq!(status(&app, &format!("{path}/")).await, 405, "{path}/");
    }
    assert_eq!(status(&app, "/api/auth").await, 200);
    assert_eq!(status(&app, "/api/auth/").await, 200);
}

#[tokio::test]
async fn what_is_nowhere_is_refused_in_the_words_of_its_territory() {
    let app = with(&[]).await;
    for path in ["/users/x", "/users/register/x", "/auth", "/auth/x", "/auth/token/x"] {
        let reply = app.get(path).send().await;
        assert_eq!(
            (reply.status.as_u16(), reply.text.as_str()),
            (404, r#"{"detail":"Not Found"}"#)
        );
    }
    for path in ["/api/auth/x", "/api/auth/jwt", "/api/auth/jwt/create/x"] {
        let reply = app.get(path).send().await;
        let expected = (404, r#"{"detail":"Not found."}"#);
        assert_eq!((reply.status.as_u16(), reply.text.as_str()), expected);
        assert_eq!(reply.header("x-frame-options"), Some("DENY"));
    }
    for path in ["/usersx", "/authx", "/api/authx", "/api/v1/x", "/x"] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(reply.json()["detail"], "Not Found");
    }
    // The target of a request that is no path at all.
    let reply = app.call(Method::OPTIONS, "*").send().await;
    assert_eq!(reply.status, 404, "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
}

#[tokio::test]
async fn a_dialect_that_is_off_is_nowhere() {
    let app = with(&[("VESTIBULE_DIALECTS__ENABLED", "native")]).await;
    for path in ["/", "/users", "/users/register", "/auth/token", "/api/auth/users/"] {
        let reply = app.get(path).send().await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path}");
    }
    app.register("ann").await;
}

#[tokio::test]
async fn a_resource_is_shared_only_by_two() {
    let body = json!({ "username": "ann_1", "password": PASSWORD, "email": "ann@example.org" });
    let alone = with(&[("VESTIBULE_DIALECTS__ENABLED", "user_management")]).await;
    let signed = alone.post("/users/register", &body).send().await.expect(200).json();
    let token = testkit::access_token(&signed);
    let shown = alone.get("/users").header("authorization", &token).send().await.expect(200);
    let expected = json!({
        "username": "ann_1", "email": "ann@example.org", "registration_date": "2026-01-01T00:00:00",
    });
    assert_eq!(shown.json(), expected);
    let reply = alone.get("/users").send().await.expect(401);
    assert_eq!(reply.json(), json!({ "detail": "Not authenticated" }));

    let alone = with(&[("VESTIBULE_DIALECTS__ENABLED", "jwt_accounts")]).await;
    alone.post("/users", &body).send().await.expect(201);
    let signed = alone.post("/auth/login", &body).send().await.expect(200).json();
    let token = testkit::access_token(&signed);
    let shown = alone.get("/users").bearer(&token).send().await.expect(200).json();
    assert_eq!(shown.get("registration_date"), None);
    let bare = alone.get("/users").header("authorization", &token).send().await.expect(401);
    assert_eq!(bare.json(), json!({ "detail": "Invalid Authorization Header" }));
}

#[tokio::test]
async fn a_prefix_moves_a_dialect_and_its_territory() {
    let app = with(&[
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__PREFIX", "/old"),
        ("VESTIBULE_DIALECTS__DJOSER__PREFIX", "/auth"),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__PREFIX", "/accounts/v2"),
    ])
    .await;
    let body = json!({ "username": "ann_1", "password": PASSWORD, "email": "ann@example.org" });
    let signed = app.post("/old/users/register", &body).send().await.expect(200).json();
    let token = testkit::access_token(&signed);
    app.get("/old/users").bearer(&token).send().await.expect(200);
    app.get("/accounts/v2/users").bearer(&token).send().await.expect(200);
    app.get("/auth/users/me").bearer(&token).send().await.expect(200);
    assert_eq!(status(&app, "/accounts/v2").await, 200);
    assert_eq!(app.get("/auth/x").send().await.expect(404).text, r#"{"detail":"Not found."}"#);
    assert_eq!(app.get("/old/users/x").send().await.expect(404).text, r#"{"detail":"Not Found"}"#);
    let links = app.get("/auth").send().await.expect(200).json();
    assert!(links["users"].as_str().is_some_and(|link| link.ends_with("/auth/users/")));
    for path in ["/users", "/users/register", "/api/auth/users/"] {
        assert_eq!(app.get(path).send().await.status, 404, "{path}");
    }
    let document = app.get("/openapi/djoser.json").send().await.expect(200).json();
    assert!(document["paths"]["/auth/users/me/"].is_object());
}

#[tokio::test]
async fn a_dialect_at_the_root_leaves_our_own_paths_alone() {
    for prefix in ["", "/api"] {
        let app = with(&[
            ("VESTIBULE_DIALECTS__ENABLED", "djoser"),
            ("VESTIBULE_DIALECTS__DJOSER__PREFIX", prefix),
        ])
        .await;
        let elsewhere = app.get(&format!("{prefix}/nope")).send().await.expect(404);
        assert_eq!(elsewhere.text, r#"{"detail":"Not found."}"#);
        for path in ["/api/v1", "/api/v1/nope", "/docs/nope", "/openapi/nope", "/.well-known/no"] {
            let unknown = app.get(path).send().await.expect(404);
            assert_eq!(unknown.header("content-type"), Some("application/problem+json"), "{path}");
        }
    }
}

#[tokio::test]
async fn every_dialect_has_a_document_of_its_own() {
    let app = with(&[]).await;
    for (name, path) in [
        ("native", "/api/v1/auth/login"),
        ("user_management", "/users/login"),
        ("jwt_accounts", "/auth/refresh"),
        ("shared_users", "/users"),
        ("djoser", "/api/auth/jwt/create/"),
    ] {
        let served = app.get(&format!("/openapi/{name}.json")).send().await.expect(200).json();
        assert!(served["paths"][path].is_object(), "{name}: no {path}");
        let printed = api::openapi(name).expect("a document");
        let printed: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
        assert_eq!(served, printed, "{name}");
    }
}
