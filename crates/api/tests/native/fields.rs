//! Wrong types and unknown names in every field of every endpoint (REG-02, REG-08).

use http::Method;
use serde_json::{Value, json};
use testkit::{App, PASSWORD, Reply};

use super::support::{
    CURRENT, LOGIN, LOGOUT, REFRESH, REGISTER, RESTORE, any, assert_field, assert_problem,
};

/// A path, a body that it takes, and its fields; those in `nullable` may be `null`.
struct Endpoint {
    method: Method,
    path: &'static str,
    valid: Value,
    texts: &'static [&'static str],
    nullable: &'static [&'static str],
}

fn endpoints() -> Vec<Endpoint> {
    let post = |path, valid, texts, nullable| Endpoint {
        method: Method::POST,
        path,
        valid,
        texts,
        nullable,
    };
    let current =
        |method, valid, texts, nullable| Endpoint { method, path: CURRENT, valid, texts, nullable };
    let names: &[&str] = &["username", "email", "phone", "first_name", "last_name"];
    vec![
        post(
            REGISTER,
            json!({ "username": "eve", "password": PASSWORD }),
            &["username", "email", "phone", "first_name", "last_name", "password"],
            &[],
        ),
        post(
            LOGIN,
            json!({ "identifier": "ann", "password": PASSWORD }),
            &["identifier", "password"],
            &[],
        ),
        post(LOGIN, json!({ "password": PASSWORD }), &["email", "username", "phone"], &[]),
        post(REFRESH, json!({}), &["refresh_token"], &["refresh_token"]),
        post(LOGOUT, json!({}), &["refresh_token"], &["refresh_token"]),
        post(
            RESTORE,
            json!({ "identifier": "ann", "restoration_token": "x" }),
            &["identifier", "restoration_token"],
            &[],
        ),
        post(RESTORE, json!({ "restoration_token": "x" }), &["email"], &[]),
        current(Method::PATCH, json!({}), names, names),
        current(
            Method::PATCH,
            json!({}),
            &["locale", "password", "current_password"],
            &["locale", "current_password"],
        ),
        current(Method::DELETE, json!({}), &["current_password"], &["current_password"]),
    ]
}

async fn send(app: &App, token: &str, endpoint: &Endpoint, field: &str, value: &Value) -> Reply {
    let mut body = endpoint.valid.clone();
    body[field] = value.clone();
    app.call(endpoint.method.clone(), endpoint.path).json(&body).bearer(token).send().await
}

/// REG-08: CVE-2023-7028 was an array where a string was due.
#[tokio::test]
async fn nothing_but_a_text_is_a_text() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    let wrong = [
        json!(["v@x.io", "eve@x.io"]),
        json!([]),
        json!({ "$ne": null }),
        json!({}),
        json!(7),
        json!(1.5),
        json!(u64::MAX),
        json!(true),
        json!(false),
        Value::Null,
    ];
    for endpoint in endpoints() {
        for field in endpoint.texts {
            for value in &wrong {
                if value.is_null() && endpoint.nullable.contains(field) {
                    continue;
                }
                let reply = send(&app, &token, &endpoint, field, value).await;
                assert_field(&reply, field, "wrong_type");
            }
        }
    }
    assert_eq!(app.database.count("users").await, 1);
    assert!(app.mailbox.mails().is_empty());
    let user = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
    assert_eq!(user["updated_at"], user["created_at"]);
}

#[tokio::test]
async fn metadata_is_an_object_and_nothing_else() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    for value in [json!([]), json!("{}"), json!(7), json!(true)] {
        let body = json!({ "metadata": value });
        let reply = app.patch(CURRENT, &body).bearer(&token).send().await;
        assert_field(&reply, "metadata", "wrong_type");
    }
}

/// REG-02, REG-15: unknown and privileged fields are named, and change nothing.
#[tokio::test]
async fn no_endpoint_takes_what_it_does_not_document() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    for endpoint in endpoints() {
        for (field, value) in [
            ("role", json!("admin")),
            ("roles", json!(["admin"])),
            ("is_superuser", json!(true)),
            ("email_verified", json!(true)),
            ("verified", json!(true)),
            ("status", json!("active")),
            ("id", json!("00000000-0000-7000-8000-000000000000")),
            ("permissions", json!(["users:read"])),
            ("pending_email", json!("eve@x.io")),
            ("user_id", json!(1)),
            ("Password", json!("x")),
            ("", json!("x")),
        ] {
            let reply = send(&app, &token, &endpoint, field, &value).await;
            assert_field(&reply, field, "unknown_field");
        }
    }
    let user = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
    assert_eq!(user["roles"], json!(["user"]));
    assert_eq!(user["email_verified"], false);
}

#[tokio::test]
async fn a_strangers_field_name_is_not_repeated_in_full() {
    let app = any().await;
    let name = "x".repeat(50_000);
    let body = json!({ "username": "ann", "password": PASSWORD, (name): 1 });
    let reply = app.post(REGISTER, &body).send().await;
    assert_problem(&reply, 422, "invalid");
    assert!(reply.text.len() < 1000, "{}", reply.text.len());
    let body: serde_json::Map<String, Value> =
        (0..5000).map(|number| (format!("f{number}"), json!(1))).collect();
    let reply = app.post(REGISTER, &Value::Object(body)).send().await;
    assert_problem(&reply, 422, "invalid");
    assert!(reply.text.len() < 16 * 1024, "{}", reply.text.len());
}
