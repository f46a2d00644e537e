//! `/api/v1/admin/users`: what administrators do to the accounts of others.

use std::time::Duration;

use domain::RoleName;
use http::Method;
use serde_json::{Value, json};
use testkit::{App, PASSWORD, Reply, access_token, on_every_backend, refresh_token};

use super::services::administrator;
use super::support::{CURRENT, any, assert_field, assert_problem, events_of, refresh, standing};

pub(super) const USERS: &str = "/api/v1/admin/users";

on_every_backend!(App::on =>
    an_account_is_made_changed_blocked_deleted_and_restored,
    lif_08_the_same_again_is_no_failure_and_the_last_administrator_stays,
    a_block_for_a_while_is_over_at_its_time,
    roles_are_set_as_a_whole,
    pwd_14_who_has_no_password_yet_is_sent_the_way_to_one,
);

async fn call(app: &App, token: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
    let method: Method = method.parse().expect("a method");
    let call = app.call(method, &format!("{USERS}{path}")).bearer(token);
    match body {
        Some(body) => call.json(&body).send().await,
        None => call.send().await,
    }
}

fn id_of(user: &Value) -> String {
    user["id"].as_str().expect("an id").to_owned()
}

async fn an_account_is_made_changed_blocked_deleted_and_restored(app: App) {
    let token = administrator(&app, "root").await;
    let body = json!({
        "username": "bob", "email": "bob@example.org", "phone": "+15550100", "first_name": "Bob",
        "last_name": "Builder", "locale": "en", "metadata": { "a": 1 }, "roles": ["moderator"],
    });
    let made = call(&app, &token, "POST", "", Some(body.clone())).await.expect(201).json();
    assert_seen_alike(&app, &token, &made).await;
    assert_eq!(made["roles"], json!(["moderator", "user"]));
    assert_eq!((&made["metadata"], &made["email_verified"]), (&json!({ "a": 1 }), &json!(false)));
    assert_problem(&call(&app, &token, "POST", "", Some(body)).await, 409, "username_taken");
    app.try_sign_in("bob", PASSWORD).await.expect(401);

    let path = format!("/{}", id_of(&made));
    let change = json!({ "phone": null, "last_name": "B.", "email_verified": true });
    let changed = call(&app, &token, "PATCH", &path, Some(change)).await.expect(200).json();
    assert_eq!((&changed["phone"], &changed["last_name"]), (&Value::Null, &json!("B.")));
    assert_eq!(changed["email_verified"], true);
    assert_seen_alike(&app, &token, &changed).await;
    let change = json!({ "email": "bob@example.com" });
    let changed = call(&app, &token, "PATCH", &path, Some(change)).await.expect(200).json();
    assert_eq!(changed["email"], "bob@example.com");
    assert_eq!(
        (&changed["pending_email"], &changed["email_verified"]),
        (&Value::Null, &json!(false))
    );
    app.run_jobs().await;
    app.mailbox.newest_to("bob@example.org");

    let reason = json!({ "reason": "asked for it" });
    let block = format!("{path}/block");
    let blocked = call(&app, &token, "POST", &block, Some(reason)).await.expect(200).json();
    assert_eq!(
        (&blocked["status"], &blocked["blocked_reason"]),
        (&json!("blocked"), &json!("asked for it"))
    );
    assert_seen_alike(&app, &token, &blocked).await;
    let unblocked = call(&app, &token, "POST", &format!("{path}/unblock"), None).await.expect(200);
    assert_eq!(unblocked.json()["status"], "active");
    assert_seen_alike(&app, &token, &unblocked.json()).await;
    call(&app, &token, "DELETE", &path, None).await.expect(204);
    let restore = format!("{path}/restore");
    let restored = call(&app, &token, "POST", &restore, None).await.expect(200).json();
    assert_eq!((&restored["status"], &restored["roles"]), (&json!("active"), &made["roles"]));
    assert_seen_alike(&app, &token, &restored).await;
    call(&app, &token, "DELETE", &format!("{path}?final=true"), None).await.expect(204);
    assert_problem(&call(&app, &token, "POST", &restore, None).await, 410, "restoration_expired");
    let again = json!({ "username": "bob" });
    call(&app, &token, "POST", "", Some(again)).await.expect(201);

    let expected = [
        "user.registered.v1",
        "user.role_granted.v1",
        "user.profile_updated.v1",
        "user.email_verified.v1",
        "user.email_changed.v1",
        "user.blocked.v1",
        "user.unblocked.v1",
        "user.deleted.v1",
        "user.restored.v1",
        "user.deleted.v1",
    ];
    assert_eq!(events_of(&app, &made).await, expected);
}

/// Whoever changed an account is answered what whoever reads it sees.
async fn assert_seen_alike(app: &App, token: &str, answered: &Value) {
    let path = format!("/{}", id_of(answered));
    assert_eq!(*answered, call(app, token, "GET", &path, None).await.expect(200).json());
}

async fn lif_08_the_same_again_is_no_failure_and_the_last_administrator_stays(app: App) {
    let token = administrator(&app, "root").await;
    let bob = app.register("bob").await;
    let path = format!("/{}", id_of(&bob));
    for _ in 0..2 {
        call(&app, &token, "DELETE", &path, None).await.expect(204);
    }
    for _ in 0..2 {
        call(&app, &token, "POST", &format!("{path}/restore"), None).await.expect(200);
    }
    for _ in 0..2 {
        call(&app, &token, "POST", &format!("{path}/block"), None).await.expect(200);
    }
    for _ in 0..2 {
        call(&app, &token, "POST", &format!("{path}/unblock"), None).await.expect(200);
    }
    let expected = [
        "user.registered.v1",
        "user.deleted.v1",
        "user.restored.v1",
        "user.blocked.v1",
        "user.unblocked.v1",
    ];
    assert_eq!(events_of(&app, &bob).await, expected);
    let own = format!("/{}", app.account("root").await.id);
    for (method, path, body, code) in [
        ("DELETE", own.clone(), None, "own_account"),
        ("DELETE", format!("{own}?final=true"), None, "own_account"),
        ("PATCH", own.clone(), Some(json!({ "email": "evil@example.org" })), "own_account"),
        ("POST", format!("{own}/block"), None, "last_admin"),
        ("PUT", format!("{own}/roles"), Some(json!({ "roles": [] })), "last_admin"),
    ] {
        assert_problem(&call(&app, &token, method, &path, body).await, 409, code);
    }
    assert_eq!(standing(&app, &token).await, 200);
}

async fn a_block_for_a_while_is_over_at_its_time(app: App) {
    let token = administrator(&app, "root").await;
    let bob = app.register("bob").await;
    let pair = app.sign_in("bob").await;
    let until = (app.now() + Duration::from_mins(5)).to_rfc3339();
    let body = json!({ "reason": null, "until": until });
    let path = format!("/{}/block", id_of(&bob));
    call(&app, &token, "POST", &path, Some(body)).await.expect(200);
    app.advance(Duration::from_mins(5).saturating_sub(Duration::from_micros(1)));
    assert_problem(&app.try_sign_in("bob", PASSWORD).await, 403, "account_blocked");
    let reading = app.get(CURRENT).bearer(&access_token(&pair)).send().await;
    assert_problem(&reading, 403, "account_blocked");
    assert_problem(&refresh(&app, &refresh_token(&pair)).await, 403, "account_blocked");
    app.advance(Duration::from_micros(1));
    assert_eq!(standing(&app, &access_token(&pair)).await, 401, "that session was ended");
    let pair = app.sign_in("bob").await;
    let shown = app.get(CURRENT).bearer(&access_token(&pair)).send().await.expect(200).json();
    assert_eq!(shown["status"], "active");
    for (until, code) in [("yesterday", "unlike"), ("2020-01-01T00:00:00Z", "not_in_future")] {
        let refused = call(&app, &token, "POST", &path, Some(json!({ "until": until }))).await;
        assert_field(&refused, "until", code);
    }
}

async fn roles_are_set_as_a_whole(app: App) {
    let token = administrator(&app, "root").await;
    let bob = app.register("bob").await;
    let path = format!("/{}/roles", id_of(&bob));
    let set = async |body: Value| call(&app, &token, "PUT", &path, Some(body)).await;
    let both = set(json!({ "roles": ["moderator", "admin"] })).await.expect(200).json();
    assert_eq!(both["roles"], json!(["admin", "moderator", "user"]));
    let none = set(json!({ "roles": [] })).await.expect(200).json();
    assert_eq!(none["roles"], json!(["user"]));
    assert_problem(&set(json!({ "roles": ["emperor"] })).await, 404, "role_not_found");
    assert_field(&set(json!({})).await, "roles", "required");
    for roles in [json!("admin"), json!(null), json!([1]), json!({ "admin": true })] {
        assert_field(&set(json!({ "roles": roles })).await, "roles", "wrong_type");
    }
    assert_eq!(app.account("bob").await.roles, [RoleName::new("user")]);
}

/// PWD-14, REG-02, REG-08: nothing is set that is not a field of the path, and nobody is written to.
#[tokio::test]
async fn pwd_14_what_no_administrator_sends_is_refused() {
    let app = any().await;
    let token = administrator(&app, "root").await;
    let bob = app.register("bob").await;
    let path = format!("/{}", id_of(&bob));
    app.run_jobs().await;
    let mails = app.mailbox.mails().len();
    for field in [
        "password",
        "current_password",
        "id",
        "number",
        "status",
        "created_at",
        "version",
        "permissions",
        "is_admin",
        "restoration_token",
    ] {
        let body = json!({ "username": "eve", field: PASSWORD });
        assert_field(&call(&app, &token, "POST", "", Some(body)).await, field, "unknown_field");
        let body = json!({ "first_name": "Eve", field: PASSWORD });
        assert_field(&call(&app, &token, "PATCH", &path, Some(body)).await, field, "unknown_field");
    }
    for field in ["roles", "role"] {
        let body = json!({ field: ["admin"] });
        assert_field(&call(&app, &token, "PATCH", &path, Some(body)).await, field, "unknown_field");
    }
    for field in ["email_verified", "phone_verified"] {
        let body = json!({ "username": "eve", field: true });
        assert_field(&call(&app, &token, "POST", "", Some(body)).await, field, "unknown_field");
        let body = json!({ field: false });
        assert_field(&call(&app, &token, "PATCH", &path, Some(body)).await, field, "unlike");
        let body = json!({ field: "true" });
        assert_field(&call(&app, &token, "PATCH", &path, Some(body)).await, field, "wrong_type");
    }
    let confused = [
        json!(["a@example.org", "b@example.org"]),
        json!({ "$ne": null }),
        json!(1e300),
        json!(true),
    ];
    for value in &confused {
        for field in ["username", "email", "phone", "first_name", "locale"] {
            for (method, path) in [("POST", ""), ("PATCH", path.as_str())] {
                let reply = call(&app, &token, method, path, Some(json!({ field: value }))).await;
                assert_field(&reply, field, "wrong_type");
            }
        }
        for field in ["reason", "until"] {
            let path = format!("{path}/block");
            let reply = call(&app, &token, "POST", &path, Some(json!({ field: value }))).await;
            assert_field(&reply, field, "wrong_type");
        }
    }
    for metadata in [json!([]), json!("{}"), json!(null)] {
        let body = json!({ "username": "eve", "metadata": metadata });
        let reply = call(&app, &token, "POST", "", Some(body)).await;
        assert_field(&reply, "metadata", "wrong_type");
    }
    for (flag, expected) in [("final=yes", 422), ("final", 422)] {
        let reply = call(&app, &token, "DELETE", &format!("{path}?{flag}"), None).await;
        assert_eq!(reply.status.as_u16(), expected, "{}", reply.text);
    }
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), mails, "nobody was written to");
    assert_eq!(app.database.count("users").await, 2);
    assert_eq!(events_of(&app, &bob).await, ["user.registered.v1"]);
}

/// AUZ-02, AUZ-05: without the permission 403 whatever is named, with it 404 for what is not there.
#[tokio::test]
async fn auz_02_unknown_and_swapped_ids_are_not_found() {
    let app = any().await;
    let root = administrator(&app, "root").await;
    let bob = app.register("bob").await;
    let nobody = access_token(&app.sign_in("bob").await);
    let session = app.get("/api/v1/users/current/sessions").bearer(&nobody).send().await.json();
    let session = session["sessions"][0]["id"].as_str().expect("an id").to_owned();
    let number = bob["number"].to_string();
    let unknown =
        ["00000000-0000-0000-0000-000000000000", &session, &number, "bob", "%00", "..%2f"];
    let own = id_of(&bob);
    for id in unknown.iter().copied().chain([own.as_str()]) {
        for (method, path, body) in [
            ("PATCH", format!("/{id}"), Some(json!({ "first_name": "Eve" }))),
            ("PATCH", format!("/{id}"), Some(json!([]))),
            ("DELETE", format!("/{id}"), None),
            ("POST", format!("/{id}/block"), None),
            ("POST", format!("/{id}/unblock"), None),
            ("POST", format!("/{id}/restore"), None),
            ("PUT", format!("/{id}/roles"), Some(json!({ "roles": ["moderator"] }))),
        ] {
            let refused = call(&app, &nobody, method, &path, body.clone()).await;
            assert_problem(&refused, 403, "permission_missing");
            if id != own && body != Some(json!([])) {
                let missing = call(&app, &root, method, &path, body).await;
                assert_problem(&missing, 404, "user_not_found");
            }
        }
    }
    assert_problem(&call(&app, &nobody, "POST", "", None).await, 403, "permission_missing");
    assert_eq!(events_of(&app, &bob).await, ["user.registered.v1", "user.signed_in.v1"]);
}

/// A token that was stolen, or comes from where less is asked for, changes nobody's credentials.
#[tokio::test]
async fn what_needs_a_fresh_sign_in_here() {
    let app = any().await;
    let stale = administrator(&app, "root").await;
    let path = format!("/{}", id_of(&app.register("bob").await));
    let body = json!({ "username": "root", "password": PASSWORD });
    let pair = app.post("/api/auth/jwt/create/", &body).send().await.expect(200).json();
    let foreign = pair["access"].as_str().expect("a token").to_owned();
    let cases = |path: &str| {
        [
            ("PATCH", path.to_owned(), Some(json!({ "username": "robert" }))),
            ("PATCH", path.to_owned(), Some(json!({ "email_verified": true }))),
            ("DELETE", path.to_owned(), None),
            ("POST", format!("{path}/restore"), None),
            ("PUT", format!("{path}/roles"), Some(json!({ "roles": [] }))),
            ("POST", String::new(), Some(json!({ "username": "cid", "roles": ["admin"] }))),
        ]
    };
    for (method, path, body) in cases(&path) {
        assert_problem(&call(&app, &foreign, method, &path, body).await, 401, "sign_in_here");
    }
    let pair = app.sign_in("root").await;
    app.advance(Duration::from_mins(9));
    let pair = refresh(&app, &refresh_token(&pair)).await.expect(200).json();
    app.advance(Duration::from_mins(7));
    assert_eq!(standing(&app, &stale).await, 401);
    let token = access_token(&pair);
    for (method, path, body) in cases(&path) {
        assert_problem(&call(&app, &token, method, &path, body).await, 403, "sign_in_again");
    }
    call(&app, &token, "POST", &format!("{path}/block"), None).await.expect(200);
    let change = json!({ "first_name": "Robert" });
    call(&app, &token, "PATCH", &path, Some(change)).await.expect(200);
}

async fn pwd_14_who_has_no_password_yet_is_sent_the_way_to_one(app: App) {
    let token = administrator(&app, "root").await;
    let body = json!({ "username": "bob", "email": "bob@example.org" });
    let path = format!("/{}", id_of(&call(&app, &token, "POST", "", Some(body)).await.json()));
    let sent = call(&app, &token, "POST", &format!("{path}/recover"), None).await.expect(202);
    assert_eq!(sent.text, "", "whoever asks learns nothing");
    app.run_jobs().await;
    let mail = app.mailbox.newest_to("bob@example.org");
    let verify = json!({ "identifier": "bob", "code": mail.code() });
    let ticket = app.post("/api/v1/auth/recover/verify", &verify).send().await.expect(200).json();
    let body = json!({ "reset_ticket": ticket["reset_ticket"], "password": PASSWORD });
    app.post("/api/v1/auth/recover/password", &body).send().await.expect(204);
    app.sign_in("bob").await;

    let nobody = format!("/{}/recover", uuid::Uuid::nil());
    assert_problem(&call(&app, &token, "POST", &nobody, None).await, 404, "user_not_found");
    let body = json!({ "username": "eve" });
    let path = format!("/{}", id_of(&call(&app, &token, "POST", "", Some(body)).await.json()));
    let refused = call(&app, &token, "POST", &format!("{path}/recover"), None).await;
    assert_problem(&refused, 409, "channel_missing");
    app.register("ann").await;
    let stranger = access_token(&app.sign_in("ann").await);
    let refused = call(&app, &stranger, "POST", &format!("{path}/recover"), None).await;
    assert_problem(&refused, 403, "permission_missing");
}
