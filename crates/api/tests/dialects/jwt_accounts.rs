//! `jwt_accounts`: what its document cannot say.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{App, Backend, access_token, on_every_backend, refresh_token};

use super::support::{at_once, claims, count, encodings, oddities, raw, tampered};

const USERS: &str = "/users";
const TOKEN: &str = "/auth/token";
const LOGIN: &str = "/auth/login";
const REFRESH: &str = "/auth/refresh";
const PASSWORD: &str = "123456";

on_every_backend!(App::on =>
    of_many_who_register_one_name_one_succeeds,
    whoever_refreshes_many_times_at_once_gets_one_successor,
    of_many_who_change_to_one_name_one_succeeds,
);

async fn any() -> App {
    App::on(Backend::Sqlite).await
}

async fn register(app: &App, name: &str) -> Value {
    let body =
        json!({ "username": name, "password": PASSWORD, "email": format!("{name}@example.org") });
    app.post(USERS, &body).send().await.expect(201).json()
}

async fn sign_in(app: &App, name: &str) -> Value {
    let body = json!({ "username": name, "password": PASSWORD });
    app.post(LOGIN, &body).send().await.expect(200).json()
}

async fn of_many_who_register_one_name_one_succeeds(app: App) {
    let replies = at_once((0..8).map(|at| {
        let email = format!("ann{at}@example.org");
        app.post(USERS, &json!({ "username": "ann", "password": PASSWORD, "email": email }))
    }))
    .await;
    assert_eq!((count(&replies, 201), count(&replies, 409)), (1, 7));
}

async fn whoever_refreshes_many_times_at_once_gets_one_successor(app: App) {
    register(&app, "ann").await;
    let body = json!({ "refresh_token": refresh_token(&sign_in(&app, "ann").await) });
    let replies = at_once((0..6).map(|_| app.post(REFRESH, &body))).await;
    let successors: Vec<String> =
        replies.into_iter().map(|reply| refresh_token(&reply.expect(200).json())).collect();
    assert!(successors.iter().all(|token| *token == successors[0]), "one successor");
}

async fn of_many_who_change_to_one_name_one_succeeds(app: App) {
    let mut tokens = Vec::new();
    for at in 0..5 {
        let name = format!("user{at}");
        register(&app, &name).await;
        tokens.push(access_token(&sign_in(&app, &name).await));
    }
    let change = json!({ "username": "ann" });
    let replies = at_once(tokens.iter().map(|token| app.patch(USERS, &change).bearer(token))).await;
    assert_eq!((count(&replies, 200), count(&replies, 409)), (1, 4));
}

#[tokio::test]
async fn tokens_say_the_number_of_the_user_and_when_the_password_was_set() {
    let app = any().await;
    app.advance(Duration::from_millis(1500));
    let user = register(&app, "ann").await;
    let set_at = app.now();
    app.advance(Duration::from_mins(1));
    let pair = sign_in(&app, "ann").await;
    let now = app.now().as_seconds();
    for (token, kind, life) in [
        (access_token(&pair), "access", 30 * 60),
        (refresh_token(&pair), "refresh", 30 * 24 * 3600),
    ] {
        let said = claims(&token);
        assert_eq!(said["user_id"], user["id"], "{said}");
        assert!(said["user_id"].is_i64(), "{said}");
        assert_eq!(said["password_timestamp"].as_f64(), Some(set_at.as_fractional_seconds()));
        assert!(said["password_timestamp"].is_f64(), "{said}");
        assert_eq!(said["token_type"], kind);
        assert_eq!(said["exp"].as_i64(), Some(now + life), "{kind}");
        assert!(said.get("username").is_none(), "{said}");
    }
}

#[tokio::test]
async fn times_have_microseconds_unless_there_are_none() {
    let app = any().await;
    app.advance(Duration::from_micros(737_500));
    let user = register(&app, "ann").await;
    assert_eq!(user["create_date"], "2026-01-01T00:00:00.737500");
    let token = access_token(&sign_in(&app, "ann").await);
    let shown = app.get(USERS).bearer(&token).send().await.expect(200).json();
    assert_eq!(shown["registration_date"], "2026-01-01T00:00:00");
}

#[tokio::test]
async fn other_claims_do_not_fit_the_signature() {
    let app = any().await;
    register(&app, "ann").await;
    let pair = sign_in(&app, "ann").await;
    let mut forged = claims(&access_token(&pair));
    forged["user_id"] = json!(2);
    let token = tampered(&access_token(&pair), &forged);
    let reply = app.patch(USERS, &json!({})).bearer(&token).send().await.expect(401);
    assert_eq!(reply.text, r#"{"detail":"Invalid or expired token"}"#);
    let mut forged = claims(&refresh_token(&pair));
    forged["gen"] = json!(2);
    let body = json!({ "refresh_token": tampered(&refresh_token(&pair), &forged) });
    app.post(REFRESH, &body).send().await.expect(401);
}

#[tokio::test]
async fn forms_are_read_as_browsers_write_them() {
    let app = any().await;
    let body = json!({ "username": "анна", "password": "a b+c&d=é", "email": "anna@example.org" });
    app.post(USERS, &body).send().await.expect(201);
    let form = "username=%D0%B0%D0%BD%D0%BD%D0%B0&password=a+b%2Bc%26d%3D%C3%A9";
    let repeated = format!("username=bob&&{form}&strange=1&also");
    for body in [form, &repeated] {
        raw(&app, TOKEN, "application/x-www-form-urlencoded", body.into()).send().await.expect(200);
    }
    let part = |name: &str, value: &str| {
        format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts = [part("username", "анна"), part("password", "a b+c&d=é")].concat();
    let whole = format!("{parts}--xyz--\r\n");
    for path in [TOKEN, LOGIN] {
        let call = raw(&app, path, "multipart/form-data; boundary=\"xyz\"", whole.clone().into());
        call.send().await.expect(200);
    }
    let file = whole.replace("name=\"password\"", "name=\"password\"; filename=\"f\"");
    for (body, status) in [
        (file, 422),
        (parts, 422),
        (whole.replace("; name=\"username\"", ""), 400),
        (whole.replace("\r\n", "\n"), 400),
        (whole.replace("--xyz", "--abc"), 400),
        ("garbage".to_owned(), 400),
        (String::new(), 422),
    ] {
        let call = raw(&app, TOKEN, "multipart/form-data; boundary=xyz", body.clone().into());
        let reply = call.send().await;
        assert_eq!(reply.status.as_u16(), status, "{body:?}: {}", reply.text);
    }
}

#[tokio::test]
async fn json_is_read_in_every_form_of_unicode() {
    let app = any().await;
    register(&app, "ann").await;
    let body = format!(r#"{{"username": "ann", "password": "{PASSWORD}", "ж": "😀"}}"#);
    for bytes in encodings(&body) {
        for path in [LOGIN, TOKEN] {
            raw(&app, path, "application/json", bytes.clone()).send().await.expect(200);
        }
    }
}

#[tokio::test]
async fn no_body_is_our_fault() {
    let app = any().await;
    for body in oddities() {
        for path in [USERS, LOGIN, TOKEN, REFRESH] {
            for kind in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
                let reply = raw(&app, path, kind, body.clone().into()).send().await;
                let status = reply.status.as_u16();
                assert!(
                    matches!(status, 400 | 401 | 422),
                    "{status} for {body:.80}: {}",
                    reply.text
                );
            }
        }
    }
}

#[tokio::test]
async fn a_page_of_many_is_counted_and_none_comes_twice() {
    let app = any().await;
    for at in 0..7 {
        register(&app, &format!("user{at}")).await;
    }
    let id = app.account("user3").await.id;
    let role = domain::RoleName::new("admin");
    operations::roles::grant(&app.services, &app.services.operator(), id, &role)
        .await
        .expect("granted");
    let token = access_token(&sign_in(&app, "user3").await);
    for sort in ["id", "username", "create_date", "update_date"] {
        let mut seen = Vec::new();
        for page in 1..=3 {
            let path = format!("/users/admin?page={page}&size=3&sort={sort}&order=desc");
            let shown = app.get(&path).bearer(&token).send().await.expect(200).json();
            assert_eq!((&shown["total"], &shown["pages"]), (&json!(7), &json!(3)));
            let users = shown["users"].as_array().expect("a list");
            seen.extend(users.iter().filter_map(|user| user["id"].as_i64()));
        }
        let mut distinct = seen.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!((seen.len(), distinct.len()), (7, 7), "{sort}: {seen:?}");
    }
}

#[tokio::test]
async fn without_a_database_the_service_says_so() {
    let app = any().await;
    register(&app, "ann").await;
    let token = access_token(&sign_in(&app, "ann").await);
    app.services.stop().await;
    let reply = app.get("/").send().await.expect(200);
    assert_eq!(reply.text, r#"{"api":true,"database":false}"#);
    let body = json!({ "username": "ann", "password": PASSWORD });
    for call in [app.patch(USERS, &json!({})).bearer(&token), app.post(LOGIN, &body)] {
        let reply = call.send().await.expect(503);
        assert_eq!(reply.text, r#"{"detail":"Service Unavailable"}"#);
        assert!(reply.header("retry-after").is_some());
    }
}

#[tokio::test]
async fn auz_12_a_moderator_does_not_see_the_list() {
    let app = any().await;
    register(&app, "moe").await;
    let id = app.account("moe").await.id;
    let role = domain::RoleName::new("moderator");
    let operator = app.services.operator();
    operations::roles::grant(&app.services, &operator, id, &role).await.expect("granted");
    let token = access_token(&sign_in(&app, "moe").await);
    for path in ["/users/admin", "/users/admin?page=0"] {
        let refused = app.get(path).bearer(&token).send().await.expect(403);
        let words = "Access restricted. Only ['admin'] are allowed to access this endpoint.";
        assert_eq!(refused.json(), json!({ "detail": words }));
    }
}

#[tokio::test]
async fn log_02_errors_repeat_no_secret() {
    let app = any().await;
    let canary = "S3cretCanary";
    let twice = json!({ "username": "ann", "password": canary }).to_string();
    let under = ["password", "newPassword", "pass", "passwd", "pwd", "refresh", "access", "token"];
    let mut bodies: Vec<Value> = under.iter().map(|name| json!({ *name: canary })).collect();
    bodies.extend([json!([canary]), json!([[canary]]), json!([{ "pwd": canary }]), json!(twice)]);
    for path in ["/auth/refresh", "/users"] {
        for body in &bodies {
            let refused = app.post(path, body).send().await.expect(422);
            assert!(!refused.text.contains(canary), "{path} {body}: {}", refused.text);
        }
    }
}

/// There is always something to render a request with, whatever is asked for.
#[tokio::test]
async fn no_question_for_the_list_is_our_fault() {
    let app = any().await;
    register(&app, "ann").await;
    let id = app.account("ann").await.id;
    let role = domain::RoleName::new("admin");
    let operator = app.services.operator();
    operations::roles::grant(&app.services, &operator, id, &role).await.expect("granted");
    let token = access_token(&sign_in(&app, "ann").await);
    let huge = "9".repeat(4000);
    for value in ["-0", "+_1", "1__0", "%00", "%ff", "1e9", "%F0%9F%98%80", "--1", ".", &huge] {
        for name in ["page", "size", "sort", "order"] {
            let path = format!("/users/admin?{name}={value}&{name}={value}");
            let reply = app.get(&path).bearer(&token).send().await;
            let status = reply.status.as_u16();
            assert!(matches!(status, 200 | 422), "{status} for {path}: {}", reply.text);
        }
    }
}
