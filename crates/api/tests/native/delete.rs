//! `DELETE /api/v1/users/current`

use http::Method;
use serde_json::json;
use testkit::{App, PASSWORD, access_token, on_every_backend, refresh_token};

use super::support::{
    CURRENT, assert_field, assert_problem, at_once, events_of, refresh, register, statuses,
};

on_every_backend!(App::on =>
    nothing_is_deleted_without_the_current_password,
    a_deleted_account_is_gone_for_everybody,
    its_identifiers_stay_held,
    without_an_address_only_an_administrator_restores,
    who_has_but_a_phone_restores_by_text,
    the_last_administrator_stays,
    deleting_twice_at_once_is_deleting_once,
);

/// LIF-01
async fn nothing_is_deleted_without_the_current_password(app: App) {
    let user = app.register("ann").await;
    let token = access_token(&app.sign_in("ann").await);
    let bare = app.call(Method::DELETE, CURRENT).bearer(&token).send().await;
    assert_field(&bare, "current_password", "required");
    for body in [json!({}), json!({ "current_password": null })] {
        let reply = app.delete(CURRENT, &body).bearer(&token).send().await;
        assert_field(&reply, "current_password", "required");
    }
    for wrong in ["", "wrong password"] {
        let body = json!({ "current_password": wrong });
        let reply = app.delete(CURRENT, &body).bearer(&token).send().await;
        assert_problem(&reply, 401, "wrong_current_password");
    }
    app.get(CURRENT).bearer(&token).send().await.expect(200);
    operations::passwords::tell_of_failures(&app.services).await.expect("told");
    // Registered, signed in, and the first wrong password of a minute.
    assert_eq!(events_of(&app, &user).await.len(), 3);
    app.run_jobs().await;
    assert!(app.mailbox.mails().is_empty());
}

async fn a_deleted_account_is_gone_for_everybody(app: App) {
    let user = app.register("ann").await;
    let (mine, other) = (app.sign_in("ann").await, app.sign_in("ann").await);
    let body = json!({ "current_password": PASSWORD });
    let reply = app.delete(CURRENT, &body).bearer(&access_token(&mine)).send().await.expect(200);
    let answer = reply.json();
    assert_eq!(answer["deleted_at"], "2026-01-01T00:00:00.000000Z");
    assert_eq!(answer["purge_at"], "2026-01-31T00:00:00.000000Z");
    assert!(answer["message"].as_str().is_some_and(|text| text.contains("mail")), "{answer}");
    assert_eq!(answer.as_object().map(serde_json::Map::len), Some(3), "{answer}");
    assert!(reply.set_cookie("access_token").expect("removed").contains("Max-Age=0"));
    assert!(reply.set_cookie("refresh_token").expect("removed").contains("Max-Age=0"));
    assert_eq!(reply.header("clear-site-data"), Some("\"cache\", \"storage\""));

    let node = app.beside().await;
    for pair in [&mine, &other] {
        let current = node.get(CURRENT).bearer(&access_token(pair)).send().await;
        assert_problem(&current, 401, "account_gone");
        assert_problem(&refresh(&node, &refresh_token(pair)).await, 401, "account_gone");
    }
    assert_problem(&app.try_sign_in("ann", PASSWORD).await, 401, "invalid_credentials");
    let again = app.delete(CURRENT, &body).bearer(&access_token(&mine)).send().await;
    assert_problem(&again, 401, "account_gone");
    assert_eq!(events_of(&app, &user).await.last().expect("an event"), "user.deleted.v1");

    app.run_jobs().await;
    let mail = app.mailbox.newest_to("ann@example.org");
    assert_eq!(app.mailbox.mails().len(), 1);
    assert!(mail.text.contains(&mail.token()) && mail.html.contains(&mail.token()));
    let places = app.database.dump().await.places_of(&mail.token());
    assert!(places.is_empty(), "SES-01: a dump restores nothing: {places:?}");
}

/// LIF-04
async fn its_identifiers_stay_held(app: App) {
    let fields = json!({ "username": "ann", "email": "ann@x.io", "phone": "+15550100000" });
    register(&app, fields).await.expect(201);
    let token = access_token(&app.sign_in("ann").await);
    let body = json!({ "current_password": PASSWORD });
    app.delete(CURRENT, &body).bearer(&token).send().await.expect(200);
    for (fields, code) in [
        (json!({ "username": "ANN" }), "username_taken"),
        (json!({ "email": "ANN@x.io" }), "email_taken"),
        (json!({ "phone": "+15550100000" }), "phone_taken"),
    ] {
        assert_problem(&register(&app, fields).await, 409, code);
    }
}

async fn without_an_address_only_an_administrator_restores(app: App) {
    register(&app, json!({ "username": "ann" })).await.expect(201);
    let message = delete_oneself(&app, "ann").await;
    assert!(message.contains("administrator"), "{message}");
    app.run_jobs().await;
    assert!(app.mailbox.mails().is_empty());
    let account = app.account("ann").await;
    let operator = app.services.operator();
    let restored = operations::accounts::restore_by_operator(&app.services, &operator, account.id);
    restored.await.expect("an operator may");
    app.sign_in("ann").await;
}

async fn who_has_but_a_phone_restores_by_text(app: App) {
    const PHONE: &str = "+15550100000";
    register(&app, json!({ "phone": PHONE })).await.expect(201);
    let message = delete_oneself(&app, PHONE).await;
    assert!(message.contains("text message"), "{message}");
    app.run_jobs().await;
    let token = app.mailbox.newest_text_to(PHONE).link_token();
    let body = json!({ "identifier": PHONE, "restoration_token": token });
    app.post("/api/v1/users/restore", &body).send().await.expect(200);
    app.sign_in(PHONE).await;
    assert!(app.mailbox.mails().is_empty());
}

/// What the owner hears of it.
async fn delete_oneself(app: &App, name: &str) -> String {
    let token = access_token(&app.sign_in(name).await);
    let body = json!({ "current_password": PASSWORD });
    let reply = app.delete(CURRENT, &body).bearer(&token).send().await.expect(200);
    reply.text_at("/message").clone()
}

/// LIF-08
async fn the_last_administrator_stays(app: App) {
    app.register("ann").await;
    let admin = domain::RoleName::new(domain::RoleName::ADMIN);
    let operator = app.services.operator();
    let id = app.account("ann").await.id;
    operations::roles::grant(&app.services, &operator, id, &admin).await.expect("granted");
    let token = access_token(&app.sign_in("ann").await);
    let body = json!({ "current_password": PASSWORD });
    let reply = app.delete(CURRENT, &body).bearer(&token).send().await;
    assert_problem(&reply, 409, "last_admin");
    app.register("bob").await;
    let other = app.account("bob").await.id;
    operations::roles::grant(&app.services, &operator, other, &admin).await.expect("granted");
    app.delete(CURRENT, &body).bearer(&token).send().await.expect(200);
}

/// LIF-05, LIF-08: one deletion, one event, one mail.
async fn deleting_twice_at_once_is_deleting_once(app: App) {
    let user = app.register("ann").await;
    let token = access_token(&app.sign_in("ann").await);
    let body = json!({ "current_password": PASSWORD });
    let calls = (0..8).map(|_| app.delete(CURRENT, &body).bearer(&token));
    let replies = at_once(calls).await;
    let statuses = statuses(&replies);
    assert_eq!(statuses.get(&200), Some(&1), "{statuses:?}");
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        // Whoever read the account just before finds its session over.
        let code = reply.text_at("/code");
        assert!(matches!(code.as_str(), "account_gone" | "token_revoked"), "{code}");
        assert_problem(reply, 401, &code);
    }
    let events = events_of(&app, &user).await;
    assert_eq!(events.iter().filter(|name| *name == "user.deleted.v1").count(), 1, "{events:?}");
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), 1);
}
