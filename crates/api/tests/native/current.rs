//! `GET` and `PATCH /api/v1/users/current`

use std::collections::BTreeMap;
use std::time::Duration;

use operations::accounts::{UpdateOther, update_other};
use serde_json::{Value, json};
use testkit::{App, PASSWORD, Reply, access_token, on_every_backend, refresh_token};

use super::support::{
    CURRENT, any, assert_field, assert_problem, at_once, events_of, refresh, register, roomy,
    standing, statuses,
};

const NEW: &str = "another long password";

on_every_backend!(App::on =>
    each_field_is_changed_and_cleared,
    what_stays_the_same_is_no_change,
    an_address_waits_until_it_is_verified,
    a_sensitive_change_asks_for_the_current_password,
    a_new_password_ends_every_other_session,
    the_last_identifier_stays,
    a_taken_identifier_is_not_taken_over,
    metadata_comes_back_as_it_was_sent,
);

mod crowds {
    use super::{
        changes_at_once_are_all_kept, identifiers_removed_at_once_leave_one,
        one_name_for_fifty_people_goes_to_one, passwords_changed_at_once_leave_one, roomy,
    };

    testkit::on_every_backend!(roomy =>
        changes_at_once_are_all_kept,
        identifiers_removed_at_once_leave_one,
        one_name_for_fifty_people_goes_to_one,
        passwords_changed_at_once_leave_one,
    );
}

async fn patch(app: &App, token: &str, body: Value) -> Reply {
    app.patch(CURRENT, &body).bearer(token).send().await
}

async fn each_field_is_changed_and_cleared(app: App) {
    let user = app.register("ann").await;
    let token = access_token(&app.sign_in("ann").await);
    app.advance(Duration::from_secs(1));
    let body = json!({
        "username": "Anna", "first_name": "Anna", "last_name": "Example", "locale": "pt-BR",
        "metadata": { "theme": "dark" }, "phone": "+1 555 010 0000", "current_password": PASSWORD,
    });
    let changed = patch(&app, &token, body).await.expect(200).json();
    assert_eq!(changed["username"], "Anna");
    assert_eq!(changed["first_name"], "Anna");
    assert_eq!(changed["last_name"], "Example");
    assert_eq!(changed["locale"], "pt-BR");
    assert_eq!(changed["metadata"], json!({ "theme": "dark" }));
    assert_eq!(changed["phone"], "+15550100000");
    assert_eq!(changed["phone_verified"], false);
    assert_eq!(changed["updated_at"], "2026-01-01T00:00:01.000000Z");
    assert_eq!(changed["created_at"], user["created_at"]);
    let read = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
    assert_eq!(read, changed);
    assert_eq!(events_of(&app, &user).await.last().expect("an event"), "user.profile_updated.v1");
    app.sign_in("+15550100000").await;

    let clear = json!({
        "username": null, "first_name": null, "last_name": null, "locale": null, "metadata": null,
        "phone": null, "current_password": PASSWORD,
    });
    let cleared = patch(&app, &token, clear).await.expect(200).json();
    for (field, empty) in [
        ("username", Value::Null),
        ("first_name", json!("")),
        ("last_name", json!("")),
        ("locale", Value::Null),
        ("metadata", json!({})),
        ("phone", Value::Null),
    ] {
        assert_eq!(cleared[field], empty, "{field}");
    }
    assert_eq!(cleared["email"], "ann@example.org");
    app.try_sign_in("Anna", PASSWORD).await.expect(401);
    register(&app, json!({ "username": "Anna" })).await.expect(201);
}

async fn what_stays_the_same_is_no_change(app: App) {
    let user = register(
        &app,
        json!({
            "username": "ann", "email": "ann@x.io", "phone": "+15550100000", "first_name": "Ann",
        }),
    )
    .await
    .expect(201)
    .json();
    let token = access_token(&app.sign_in("ann").await);
    app.advance(Duration::from_secs(1));
    for body in [
        json!({}),
        json!({ "email": "ann@X.IO", "phone": "1 (555) 010-0000", "username": "ann" }),
        json!({ "first_name": " Ann ", "last_name": "", "locale": null, "metadata": {} }),
    ] {
        let same = patch(&app, &token, body).await.expect(200).json();
        assert_eq!(same["updated_at"], user["updated_at"]);
        assert_eq!(same["pending_email"], Value::Null);
    }
    assert_eq!(events_of(&app, &user).await, ["user.registered.v1", "user.signed_in.v1"]);
}

/// REG-16
async fn an_address_waits_until_it_is_verified(app: App) {
    let user = app.register("ann").await;
    let token = access_token(&app.sign_in("ann").await);
    let body = json!({ "email": "new@X.io", "current_password": PASSWORD });
    let changed = patch(&app, &token, body).await.expect(200).json();
    assert_eq!(changed["email"], "ann@example.org");
    assert_eq!(changed["pending_email"], "new@x.io");
    assert_eq!(changed["email_verified"], false);
    assert_eq!(
        events_of(&app, &user).await.last().expect("an event"),
        "user.email_change_requested.v1"
    );
    app.try_sign_in("new@x.io", PASSWORD).await.expect(401);
    app.sign_in("ann@example.org").await;
    // What waits holds nothing: its owner may still register.
    register(&app, json!({ "email": "new@x.io" })).await.expect(201);
}

/// PWD-07, REG-16: nothing is written before the proof.
async fn a_sensitive_change_asks_for_the_current_password(app: App) {
    let mut token = app.newcomer("ann").await;
    for change in [
        json!({ "email": "new@x.io" }),
        json!({ "email": null }),
        json!({ "phone": "+15550100000" }),
        json!({ "password": NEW }),
        json!({ "first_name": "Eve", "phone": "+15550100000" }),
    ] {
        assert_field(&patch(&app, &token, change.clone()).await, "current_password", "required");
        for wrong in ["wrong password", "", NEW] {
            let mut body = change.clone();
            body["current_password"] = json!(wrong);
            let reply = patch(&app, &token, body).await;
            assert_problem(&reply, 401, "wrong_current_password");
        }
        // Until the brake is off; the token is over by then.
        app.advance(Duration::from_mins(30));
        token = access_token(&app.sign_in("ann").await);
    }
    let user = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
    assert_eq!(user["updated_at"], user["created_at"]);
    assert_eq!(user["first_name"], "");
    assert_eq!(user["pending_email"], Value::Null);
    app.sign_in("ann").await;
    // A broken rule is said first, whatever the proof.
    let body = json!({ "phone": "1", "current_password": "wrong password" });
    assert_field(&patch(&app, &token, body).await, "phone", "not_a_phone");
    // Not asked for, it is not looked at.
    let body = json!({ "first_name": "Ann", "current_password": "wrong password" });
    patch(&app, &token, body).await.expect(200);
}

/// SES-09
async fn a_new_password_ends_every_other_session(app: App) {
    let user = app.register("ann").await;
    let stranger = app.newcomer("bob").await;
    let (mine, others) =
        (app.sign_in("ann").await, [app.sign_in("ann").await, app.sign_in("ann").await]);
    let token = access_token(&mine);
    let body = json!({ "password": NEW, "current_password": PASSWORD });
    patch(&app, &token, body).await.expect(200);
    assert_eq!(standing(&app, &token).await, 200);
    refresh(&app, &refresh_token(&mine)).await.expect(200);
    let node = app.beside().await;
    for other in &others {
        assert_eq!(standing(&node, &access_token(other)).await, 401);
        assert_problem(&refresh(&node, &refresh_token(other)).await, 401, "token_revoked");
    }
    assert_eq!(standing(&app, &stranger).await, 200);
    app.try_sign_in("ann", PASSWORD).await.expect(401);
    app.try_sign_in("ann", NEW).await.expect(200);
    let events = events_of(&app, &user).await;
    assert!(events.contains(&"user.password_changed.v1".to_owned()), "{events:?}");
    // The session that stayed can go on changing things.
    patch(&app, &token, json!({ "first_name": "Ann" })).await.expect(200);
}

async fn the_last_identifier_stays(app: App) {
    register(&app, json!({ "username": "ann", "email": "ann@x.io" })).await.expect(201);
    let token = access_token(&app.sign_in("ann").await);
    let with_proof = |mut body: Value| {
        body["current_password"] = json!(PASSWORD);
        body
    };
    for body in [
        json!({ "username": null, "email": null }),
        // An address that is not verified yet is nobody's identifier.
        json!({ "username": null, "email": null, "phone": null }),
    ] {
        let reply = patch(&app, &token, with_proof(body)).await;
        assert_field(&reply, "identifier", "required");
    }
    let body = with_proof(json!({ "email": null }));
    let user = patch(&app, &token, body).await.expect(200).json();
    assert_eq!(user["email"], Value::Null);
    let body = with_proof(json!({ "username": null, "email": "new@x.io" }));
    assert_field(&patch(&app, &token, body).await, "identifier", "required");
    app.sign_in("ann").await;
    let body = with_proof(json!({ "username": null, "phone": "+15550100000" }));
    patch(&app, &token, body).await.expect(200);
    app.sign_in("+15550100000").await;
    assert_field(
        &patch(&app, &token, with_proof(json!({ "phone": null }))).await,
        "identifier",
        "required",
    );
}

async fn a_taken_identifier_is_not_taken_over(app: App) {
    register(&app, json!({ "username": "bob", "email": "bob@x.io", "phone": "+15550100000" }))
        .await
        .expect(201);
    // Until it is verified the code decides whose it is (REG-14).
    let (bob, operator) = (app.account("bob").await.id, app.services.operator());
    let vouched = UpdateOther { is_email_verified: true, ..UpdateOther::default() };
    update_other(&app.services, &operator, bob, &vouched).await.expect("verified");
    let token = app.newcomer("ann").await;
    for (field, value, code) in [
        ("username", "BOB", "username_taken"),
        ("email", "Bob@x.io", "email_taken"),
        ("phone", "15550100000", "phone_taken"),
    ] {
        let body = json!({ (field): value, "first_name": "Eve", "current_password": PASSWORD });
        assert_problem(&patch(&app, &token, body).await, 409, code);
    }
    let user = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
    assert_eq!(user["first_name"], "");
    assert_eq!(user["pending_email"], Value::Null);
    // One's own name in other letters is no other name.
    patch(&app, &token, json!({ "username": "ANN" })).await.expect(200);
}

async fn metadata_comes_back_as_it_was_sent(app: App) {
    let token = app.newcomer("ann").await;
    let metadata = json!({
        "z": 1, "a": [1.5, -0.25, true, null, "\u{1f994}", ""], "": {}, "sub": "x", "role": "admin",
        "big": i64::MIN, "text": "\\u0000 is six letters", "quote": "\"'\\",
    });
    let body = json!({ "metadata": metadata });
    let user = patch(&app, &token, body).await.expect(200).json();
    assert_eq!(user["metadata"].to_string(), metadata.to_string(), "in the same order");
    assert_eq!(user["roles"], json!(["user"]));

    let body = json!({ "metadata": { "a": "x".repeat(16 * 1024) } });
    assert_field(&patch(&app, &token, body).await, "metadata", "too_long");
    for nul in [json!({ "a": "\0" }), json!({ "\0": 1 }), json!({ "a": ["x\0y"] })] {
        let reply = patch(&app, &token, json!({ "metadata": nul })).await;
        assert_field(&reply, "metadata", "forbidden_character");
    }
    let read = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
    assert_eq!(read["metadata"], metadata);
}

/// No change is lost to another, and none fails.
async fn changes_at_once_are_all_kept(app: App) {
    let token = app.newcomer("ann").await;
    for round in 0..4 {
        let name = format!("round{round}");
        let bodies = [
            json!({ "first_name": name }),
            json!({ "last_name": name }),
            json!({ "locale": "de" }),
            json!({ "metadata": { "round": round } }),
            json!({ "username": name }),
        ];
        let calls = bodies.iter().map(|body| app.patch(CURRENT, body).bearer(&token));
        let replies = at_once(calls).await;
        assert_eq!(statuses(&replies), BTreeMap::from([(200, 5)]));
        let user = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
        for field in ["first_name", "last_name", "username"] {
            assert_eq!(user[field], name, "{user}");
        }
        assert_eq!(user["metadata"], json!({ "round": round }));
    }
    let calls = (0..50).map(|turn| {
        app.patch(CURRENT, &json!({ "first_name": format!("n{turn}") })).bearer(&token)
    });
    assert_eq!(statuses(&at_once(calls).await), BTreeMap::from([(200, 50)]));
}

async fn identifiers_removed_at_once_leave_one(app: App) {
    for round in 0..4 {
        let email = format!("ann{round}@x.io");
        register(&app, json!({ "username": format!("ann{round}"), "email": email }))
            .await
            .expect(201);
        let token = access_token(&app.sign_in(&email).await);
        let bodies = [
            json!({ "username": null, "current_password": PASSWORD }),
            json!({ "email": null, "current_password": PASSWORD }),
        ];
        let calls = bodies.iter().map(|body| app.patch(CURRENT, body).bearer(&token));
        let replies = at_once(calls).await;
        assert_eq!(statuses(&replies), BTreeMap::from([(200, 1), (422, 1)]));
        let user = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
        assert_ne!(user["username"].is_null(), user["email"].is_null(), "{user}");
    }
}

async fn one_name_for_fifty_people_goes_to_one(app: App) {
    let mut tokens = Vec::new();
    for number in 0..20 {
        tokens.push(app.newcomer(&format!("ann{number}")).await);
    }
    let body = json!({ "username": "wanted" });
    let calls = tokens.iter().map(|token| app.patch(CURRENT, &body).bearer(token));
    assert_eq!(statuses(&at_once(calls).await), BTreeMap::from([(200, 1), (409, 19)]));
}

/// The one that was first counts; the others proved a password that is none any more.
async fn passwords_changed_at_once_leave_one(app: App) {
    let token = app.newcomer("ann").await;
    let passwords: Vec<String> = (0..8).map(|turn| format!("a new password {turn}")).collect();
    let calls = passwords.iter().map(|password| {
        let body = json!({ "password": password, "current_password": PASSWORD });
        app.patch(CURRENT, &body).bearer(&token)
    });
    let counts = statuses(&at_once(calls).await);
    // Who comes after the change proves with a wrong password, and five of those are braked.
    assert_eq!(counts.get(&200), Some(&1), "{counts:?}");
    assert!(counts.keys().all(|status| [200, 401, 429].contains(status)), "{counts:?}");
    let mut working = 0;
    for password in &passwords {
        working += usize::from(app.try_sign_in("ann", password).await.status == 200);
        // Beyond any delay that wrong ones cause.
        app.advance(Duration::from_mins(15));
    }
    assert_eq!(working, 1);
}

#[tokio::test]
async fn the_header_wins_over_the_cookie() {
    let app = any().await;
    let (ann, bob) = (app.newcomer("ann").await, app.newcomer("bob").await);
    let user = app.get(CURRENT).bearer(&ann).cookie("access_token", &bob).send().await;
    assert_eq!(user.expect(200).json()["username"], "ann");
    app.get(CURRENT).bearer("wrong").cookie("access_token", &bob).send().await.expect(401);
    let user = app.get(CURRENT).cookie("access_token", &bob).send().await.expect(200).json();
    assert_eq!(user["username"], "bob");
    let call = app.get(CURRENT).header("cookie", &format!("a=b; access_token={ann} ; c"));
    assert_eq!(call.send().await.expect(200).json()["username"], "ann");
    assert_problem(&app.get(CURRENT).send().await, 401, "token_missing");
}

/// AUZ-04: who asks is said by the token alone.
#[tokio::test]
async fn no_header_or_query_says_who_asks() {
    let app = any().await;
    let user = app.register("ann").await;
    let id = user["id"].as_str().expect("an id");
    let call = app.get(&format!("{CURRENT}?as={id}&user_id={id}"));
    let call = call.header("x-user-id", id).header("x-forwarded-user", "ann");
    assert_problem(&call.send().await, 401, "token_missing");
}

#[tokio::test]
async fn a_password_cannot_be_cleared() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    let body = json!({ "password": null, "current_password": PASSWORD });
    assert_field(&patch(&app, &token, body).await, "password", "wrong_type");
}
