//! `user_management`: what its document cannot say.

use serde_json::json;
use testkit::{App, Backend, access_token, on_every_backend};

use super::support::{at_once, claims, count, encodings, oddities, raw, tampered};

const REGISTER: &str = "/users/register";
const LOGIN: &str = "/users/login";
const LOGOUT: &str = "/users/logout";
const PASSWORD: &str = "examplePassword";
const UNREADABLE: &str = r#"{"detail":"There was an error parsing the body"}"#;

on_every_backend!(App::on =>
    of_many_who_register_one_name_one_succeeds,
    of_many_who_register_one_address_one_succeeds,
    a_token_that_is_used_while_it_signs_out_is_dead_afterwards,
);

async fn any() -> App {
    App::on(Backend::Sqlite).await
}

async fn register(app: &App, name: &str) -> String {
    let body =
        json!({ "username": name, "password": PASSWORD, "email": format!("{name}@example.org") });
    access_token(&app.post(REGISTER, &body).send().await.expect(200).json())
}

async fn of_many_who_register_one_name_one_succeeds(app: App) {
    let replies = at_once((0..8).map(|at| {
        let email = format!("ann{at}@example.org");
        let body = json!({ "username": "ann", "password": PASSWORD, "email": email });
        app.post(REGISTER, &body)
    }))
    .await;
    assert_eq!((count(&replies, 200), count(&replies, 409)), (1, 7));
}

async fn of_many_who_register_one_address_one_succeeds(app: App) {
    let replies = at_once((0..8).map(|at| {
        let name = format!("ann{at}");
        let body = json!({ "username": name, "password": PASSWORD, "email": "Ann@example.org" });
        app.post(REGISTER, &body)
    }))
    .await;
    assert_eq!((count(&replies, 200), count(&replies, 409)), (1, 7));
}

async fn a_token_that_is_used_while_it_signs_out_is_dead_afterwards(app: App) {
    let token = register(&app, "ann").await;
    let replies = at_once((0..6).map(|_| app.post(LOGOUT, &json!({})).bearer(&token))).await;
    let (ended, refused) = (count(&replies, 204), count(&replies, 401));
    assert!(ended >= 1 && ended + refused == 6, "{replies:?}");
    app.get("/users").bearer(&token).send().await.expect(401);
}

#[tokio::test]
async fn a_token_says_whose_it_is_and_until_when() {
    let app = any().await;
    let said = claims(&register(&app, "Ann-1").await);
    assert_eq!(said["username"], "Ann-1");
    assert_eq!(said["token_type"], "access");
    let now = app.now().as_seconds();
    assert_eq!(said["exp"].as_i64(), Some(now + 3600));
    assert_eq!(said["sub"], app.account("Ann-1").await.id.to_string());
    for absent in ["user_id", "password_timestamp", "password", "email"] {
        assert!(said.get(absent).is_none(), "{absent} in {said}");
    }
}

#[tokio::test]
async fn other_claims_do_not_fit_the_signature() {
    let app = any().await;
    let (ann, bob) = (register(&app, "ann").await, register(&app, "bob").await);
    let mut forged = claims(&ann);
    forged["sub"] = claims(&bob)["sub"].clone();
    for token in [tampered(&ann, &forged), tampered(&ann, &json!({ "username": "bob" }))] {
        let reply = app.post(LOGOUT, &json!({})).bearer(&token).send().await.expect(401);
        assert_eq!(reply.text, r#"{"detail":"Недействительная подпись токена"}"#);
    }
    // However its last letter is changed: not every letter spells whole bytes there.
    let (rest, last) = ann.split_at(ann.len() - 1);
    for other in "ABCghi019-_".chars().filter(|other| !last.starts_with(*other)) {
        let token = format!("{rest}{other}");
        let reply = app.post(LOGOUT, &json!({})).bearer(&token).send().await.expect(401);
        assert_eq!(reply.text, r#"{"detail":"Недействительная подпись токена"}"#, "{other}");
    }
    app.post(LOGOUT, &json!({})).bearer(&ann).send().await.expect(204);
}

#[tokio::test]
async fn json_is_read_in_every_form_of_unicode() {
    let app = any().await;
    register(&app, "ann").await;
    let body = format!(r#"{{"username": "ann", "password": "{PASSWORD}", "ж": "😀"}}"#);
    for bytes in encodings(&body) {
        raw(&app, LOGIN, "application/json", bytes).send().await.expect(200);
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused_before_the_token() {
    let app = any().await;
    for bytes in [&b"{\"username\": \"\xff\"}"[..], b"\xc3", b"\xff\xfe{", b"not json \xe9"] {
        for path in [REGISTER, LOGIN] {
            let reply = raw(&app, path, "application/json", bytes.to_vec()).send().await;
            assert_eq!(reply.expect(400).text, UNREADABLE);
        }
        let call = app.call(http::Method::PUT, "/users").header("content-type", "application/json");
        assert_eq!(call.body(bytes.to_vec()).send().await.expect(400).text, UNREADABLE);
    }
}

#[tokio::test]
async fn a_header_that_is_no_text_carries_no_token() {
    let app = any().await;
    let call = app.post(LOGOUT, &json!({})).header_bytes("authorization", b"Bearer \xff\xfe");
    let reply = call.send().await.expect(401);
    assert_eq!(reply.text, r#"{"detail":"Not authenticated"}"#);
}

#[tokio::test]
async fn no_body_is_our_fault() {
    let app = any().await;
    for body in oddities() {
        for path in [REGISTER, LOGIN] {
            let reply = raw(&app, path, "application/json", body.clone().into()).send().await;
            let status = reply.status.as_u16();
            assert!(
                matches!(status, 400 | 401 | 404 | 422),
                "{status} for {body:.80}: {}",
                reply.text
            );
            assert!(reply.json()["detail"].is_array() || status != 422, "{}", reply.text);
        }
    }
}

#[tokio::test]
async fn without_a_database_the_service_says_so() {
    let app = any().await;
    let token = register(&app, "ann").await;
    app.services.stop().await;
    let body = json!({ "username": "ann", "password": PASSWORD });
    for call in [app.post(LOGIN, &body), app.post(LOGOUT, &json!({})).bearer(&token)] {
        let reply = call.send().await.expect(503);
        assert_eq!(reply.text, r#"{"detail":"Сервис временно недоступен"}"#);
        assert!(reply.header("retry-after").is_some());
    }
}
