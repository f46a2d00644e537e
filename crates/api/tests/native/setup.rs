//! `POST /api/v1/setup` (AUZ-07).

use std::time::Duration;

use operations::setup::{Offer, offer};
use serde_json::{Value, json};
use testkit::{App, PASSWORD, access_token, on_every_backend};

use super::support::{any_with, assert_field, assert_problem, at_once, statuses};

const SETUP: &str = "/api/v1/setup";
/// What people try first at the door of a new service.
const NAMES: [&str; 10] = [
    "admin",
    "administrator",
    "root",
    "user",
    "test",
    "guest",
    "vestibule",
    "admin@localhost",
    "admin@example.com",
    "superuser",
];
const PASSWORDS: [&str; 10] = [
    "admin",
    "password",
    "root",
    "123456",
    "changeme",
    "default",
    "letmein",
    "admin123",
    "",
    "vestibule",
];

on_every_backend!(App::on =>
    auz_07_whoever_has_the_token_becomes_administrator_once,
);

mod crowds {
    use super::super::support::roomy;
    use super::auz_07_fifty_at_once_make_one_administrator;

    testkit::on_every_backend!(roomy => auz_07_fifty_at_once_make_one_administrator);
}

async fn token(app: &App) -> String {
    match offer(&app.services, &app.services.operator()).await.expect("an answer") {
        Offer::Made(token) => token.reveal().to_owned(),
        Offer::Closed | Offer::Waiting { .. } => panic!("there was none"),
    }
}

fn body(token: &str, name: &str) -> Value {
    json!({ "setup_token": token, "username": name, "password": PASSWORD })
}

async fn auz_07_whoever_has_the_token_becomes_administrator_once(app: App) {
    let token = token(&app).await;
    let wrong = app.post(SETUP, &body("nonsense", "eve")).send().await;
    assert_problem(&wrong, 403, "setup_refused");
    let weak = json!({ "setup_token": token, "username": "root", "password": "root2026" });
    assert_field(&app.post(SETUP, &weak).send().await, "password", "context_word");
    let made = app.post(SETUP, &body(&token, "root")).send().await.expect(201).json();
    assert_eq!(made["roles"], json!(["admin", "user"]));
    assert_eq!(made.get("setup_token"), None);
    let again = app.post(SETUP, &body(&token, "eve")).send().await;
    assert_problem(&again, 403, "setup_refused");
    let said = |reply: &testkit::Reply| {
        let mut said = reply.json();
        said["instance"] = json!("");
        said
    };
    assert_eq!(said(&wrong), said(&again), "one answer for wrong and used");

    // The last administrator stays, and the door stays shut.
    let access = access_token(&app.sign_in("root").await);
    let request = json!({ "current_password": PASSWORD });
    let delete = app.delete("/api/v1/users/current", &request).bearer(&access).send().await;
    assert_problem(&delete, 409, "last_admin");
    assert_problem(&app.post(SETUP, &body(&token, "eve")).send().await, 403, "setup_refused");
}

async fn auz_07_fifty_at_once_make_one_administrator(app: App) {
    let token = token(&app).await;
    let apps = [app.beside().await, app.beside().await, app];
    let calls = (0..50).map(|n| apps[n % 3].post(SETUP, &body(&token, &format!("root{n}"))));
    let counts = statuses(&at_once(calls).await);
    assert_eq!(counts.get(&201), Some(&1), "{counts:?}");
    assert_eq!(counts.get(&403), Some(&49), "{counts:?}");
    assert_eq!(apps[0].database.count("users").await, 1);
}

#[tokio::test]
async fn auz_07_nobody_gets_in_with_default_credentials() {
    let app = App::on(testkit::Backend::Sqlite).await;
    token(&app).await;
    for name in NAMES {
        for password in PASSWORDS {
            // What slows guesses down is not what keeps these out.
            app.advance(Duration::from_mins(20));
            let reply = app.try_sign_in(name, password).await;
            assert_problem(&reply, 401, "invalid_credentials");
            let request =
                json!({ "setup_token": password, "username": name, "password": PASSWORD });
            assert_problem(&app.post(SETUP, &request).send().await, 403, "setup_refused");
        }
    }
    assert_eq!(app.database.count("users").await, 0);
}

#[tokio::test]
async fn wrong_tokens_are_limited_by_address() {
    let app = any_with(&[("VESTIBULE_LIMITS__SETUP", "5/min, 20/h")]).await;
    for _ in 0..5 {
        assert_problem(&app.post(SETUP, &body("x", "eve")).send().await, 403, "setup_refused");
    }
    let token = token(&app).await;
    let reply = app.post(SETUP, &body(&token, "root")).send().await;
    assert_problem(&reply, 429, "too_many_requests");
    app.advance(Duration::from_mins(1));
    app.post(SETUP, &body(&token, "root")).send().await.expect(201);
}

#[tokio::test]
async fn its_fields_are_read_strictly() {
    let app = App::on(testkit::Backend::Sqlite).await;
    let token = token(&app).await;
    let mut unknown = body(&token, "root");
    unknown["role"] = json!("admin");
    assert_field(&app.post(SETUP, &unknown).send().await, "role", "unknown_field");
    let missing = json!({ "username": "root", "password": PASSWORD });
    assert_field(&app.post(SETUP, &missing).send().await, "setup_token", "required");
    let confused = json!({ "setup_token": [token], "username": "root", "password": PASSWORD });
    assert_field(&app.post(SETUP, &confused).send().await, "setup_token", "wrong_type");
    assert_eq!(app.database.count("users").await, 0);
}
