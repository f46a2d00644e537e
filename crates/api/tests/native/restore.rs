//! `POST /api/v1/users/restore`, and the purge that ends what can be restored.

use std::time::Duration;

use domain::RoleName;
use operations::{accounts, roles};
use serde_json::{Value, json};
use testkit::{App, PASSWORD, Reply, access_token, on_every_backend, refresh_token};

use super::support::{
    CURRENT, RESTORE, any, assert_field, assert_problem, at_once, events_of, refresh, register,
    standing, statuses,
};

const WINDOW: Duration = Duration::from_hours(30 * 24);
/// One second less.
const ALMOST: Duration = Duration::from_secs(30 * 24 * 60 * 60 - 1);

on_every_backend!(App::on =>
    the_mailed_token_restores_once,
    either_name_goes_with_the_token,
    a_wrong_or_foreign_token_restores_nothing,
    the_time_to_restore_ends,
    nothing_but_the_account_comes_back,
    a_blocked_account_is_restored_by_no_mail,
    restoring_many_times_at_once_is_restoring_once,
    the_purge_spares_a_restored_account,
    a_second_deletion_has_a_time_of_its_own,
    a_purge_leaves_nothing_personal,
);

/// Registers, signs in, deletes; answers the mailed token.
async fn deleted(app: &App, name: &str) -> String {
    let token = app.newcomer(name).await;
    delete(app, &token).await;
    app.mailbox.newest_to(&format!("{name}@example.org")).token()
}

async fn delete(app: &App, token: &str) {
    let body = json!({ "current_password": PASSWORD });
    app.delete(CURRENT, &body).bearer(token).send().await.expect(200);
    app.run_jobs().await;
}

async fn restore(app: &App, identifier: &str, token: &str) -> Reply {
    let body = json!({ "identifier": identifier, "restoration_token": token });
    app.post(RESTORE, &body).send().await
}

async fn the_mailed_token_restores_once(app: App) {
    let token = deleted(&app, "ann").await;
    app.advance(Duration::from_hours(24));
    let reply = restore(&app, "ann", &token).await.expect(200);
    let user = reply.json();
    assert_eq!(user["status"], "active");
    assert_eq!(user["username"], "ann");
    assert_eq!(reply.set_cookie("access_token"), None, "no session comes with it");
    assert_problem(&restore(&app, "ann", &token).await, 400, "restoration_invalid");
    app.sign_in("ann").await;
    let names: Vec<String> = events_of(&app, &user).await;
    assert_eq!(
        names,
        [
            "user.registered.v1",
            "user.signed_in.v1",
            "user.deleted.v1",
            "user.restored.v1",
            "user.signed_in.v1"
        ]
    );
}

async fn either_name_goes_with_the_token(app: App) {
    for (number, field, value) in [
        (0, "email", "ANN0@example.org"),
        (1, "identifier", "ann1@EXAMPLE.org"),
        (2, "identifier", "ANN2"),
    ] {
        let token = deleted(&app, &format!("ann{number}")).await;
        let body = json!({ (field): value, "restoration_token": token });
        app.post(RESTORE, &body).send().await.expect(200);
    }
    let token = deleted(&app, "kim").await;
    let body = json!({ "email": "kim", "restoration_token": token });
    app.post(RESTORE, &body).send().await.expect(400);
}

/// LIF-03
async fn a_wrong_or_foreign_token_restores_nothing(app: App) {
    let (ann, bob) = (deleted(&app, "ann").await, deleted(&app, "bob").await);
    app.register("kim").await;
    for (identifier, token) in [
        ("ann", bob.as_str()),
        ("bob@example.org", ann.as_str()),
        ("kim", ann.as_str()),
        ("nobody", ann.as_str()),
        ("", ann.as_str()),
        ("ann", ""),
        ("ann", &ann[..42]),
        ("ann", &format!("{ann}A")),
        ("ann", &format!(" {ann}")),
        ("ann", &ann.to_lowercase()),
        ("kim", "x"),
        ("ann", "\0"),
    ] {
        assert_problem(&restore(&app, identifier, token).await, 400, "restoration_invalid");
    }
    restore(&app, "ann", &ann).await.expect(200);
    restore(&app, "bob", &bob).await.expect(200);
}

async fn the_time_to_restore_ends(app: App) {
    let (ann, bob) = (deleted(&app, "ann").await, deleted(&app, "bob").await);
    app.advance(ALMOST);
    restore(&app, "bob", &bob).await.expect(200);
    app.advance(Duration::from_secs(1));
    assert_problem(&restore(&app, "ann", &ann).await, 410, "restoration_expired");
    app.run_jobs().await;
    for name in ["ann", "ann@example.org"] {
        assert_problem(&restore(&app, name, &ann).await, 410, "restoration_expired");
    }
    app.sign_in("bob").await;
}

/// LIF-03: no session, no role beyond `user`.
async fn nothing_but_the_account_comes_back(app: App) {
    for name in ["ann", "bob"] {
        app.register(name).await;
        let id = app.account(name).await.id;
        let admin = RoleName::new(RoleName::ADMIN);
        roles::grant(&app.services, &app.services.operator(), id, &admin).await.expect("granted");
    }
    let pair = app.sign_in("ann").await;
    delete(&app, &access_token(&pair)).await;
    let token = app.mailbox.newest_to("ann@example.org").token();
    let user = restore(&app, "ann", &token).await.expect(200).json();
    assert_eq!(user["roles"], json!(["user"]));
    assert_eq!(user["permissions"], json!([]));
    assert_eq!(standing(&app, &access_token(&pair)).await, 401);
    assert_problem(&refresh(&app, &refresh_token(&pair)).await, 401, "token_revoked");
    let fresh = access_token(&app.sign_in("ann").await);
    let user = app.get(CURRENT).bearer(&fresh).send().await.expect(200).json();
    assert_eq!(user["roles"], json!(["user"]));
    assert!(events_of(&app, &user).await.contains(&"user.role_revoked.v1".to_owned()));
}

/// LGN-15: deleting a blocked account does not hand its owner the key.
async fn a_blocked_account_is_restored_by_no_mail(app: App) {
    app.register("ann").await;
    let id = app.account("ann").await.id;
    let operator = app.services.operator();
    accounts::block(&app.services, &operator, id).await.expect("blocked");
    accounts::delete(&app.services, &operator, id).await.expect("deleted");
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    assert_eq!(mails.len(), 1, "about the block: {mails:#?}");
    assert!(mails[0].find_token().is_none());
}

/// LIF-08
async fn restoring_many_times_at_once_is_restoring_once(app: App) {
    let token = deleted(&app, "ann").await;
    let body = json!({ "identifier": "ann", "restoration_token": token });
    let replies = at_once((0..10).map(|_| app.post(RESTORE, &body))).await;
    assert_eq!(statuses(&replies).into_iter().collect::<Vec<_>>(), [(200, 1), (400, 9)]);
    let user = replies.iter().find(|reply| reply.status == 200).expect("one").json();
    let events = events_of(&app, &user).await;
    assert_eq!(events.iter().filter(|name| *name == "user.restored.v1").count(), 1);
}

async fn the_purge_spares_a_restored_account(app: App) {
    let token = deleted(&app, "ann").await;
    let user = restore(&app, "ann", &token).await.expect(200).json();
    app.advance(2 * WINDOW);
    app.run_jobs().await;
    let fresh = access_token(&app.sign_in("ann").await);
    let now = app.get(CURRENT).bearer(&fresh).send().await.expect(200).json();
    assert_eq!(now["email"], "ann@example.org");
    assert_eq!(now["id"], user["id"]);
}

async fn a_second_deletion_has_a_time_of_its_own(app: App) {
    let first = deleted(&app, "ann").await;
    app.advance(WINDOW / 2);
    restore(&app, "ann", &first).await.expect(200);
    delete(&app, &access_token(&app.sign_in("ann").await)).await;
    let second = app.mailbox.newest_to("ann@example.org").token();
    assert_ne!(first, second);
    app.advance(ALMOST);
    app.run_jobs().await;
    assert_problem(&restore(&app, "ann", &first).await, 400, "restoration_invalid");
    restore(&app, "ann", &second).await.expect(200);
}

/// LIF-06, REG-20
async fn a_purge_leaves_nothing_personal(app: App) {
    const PERSONAL: [&str; 10] = [
        "canary-name",
        "canary-mail",
        "5550177",
        "Canaryfirst",
        "Canarylast",
        "canary-pending",
        "canary-note",
        "canary-agent",
        "192.0.2.1",
        "pt-BR",
    ];
    let fields = json!({
        "username": "canary-name", "email": "canary-mail@x.io", "phone": "+15550177000",
        "first_name": "Canaryfirst", "last_name": "Canarylast",
    });
    let old = register(&app, fields.clone()).await.expect(201).json();
    let body = json!({ "identifier": "canary-name", "password": PASSWORD });
    let call = app.post(super::support::LOGIN, &body).header("user-agent", "canary-agent/1");
    let pair = call.send().await.expect(200).json();
    let token = access_token(&pair);
    let body = json!({
        "email": "canary-pending@x.io", "locale": "pt-BR", "metadata": { "note": "canary-note" },
        "current_password": PASSWORD,
    });
    app.patch(CURRENT, &body).bearer(&token).send().await.expect(200);
    let dump = app.database.dump().await;
    for canary in PERSONAL {
        assert!(!dump.places_of(canary).is_empty(), "the dump would show {canary}");
    }

    delete(&app, &token).await;
    app.advance(WINDOW);
    app.run_jobs().await;
    let dump = app.database.dump().await;
    for canary in PERSONAL {
        assert!(dump.places_of(canary).is_empty(), "{canary}: {:?}", dump.places_of(canary));
    }
    assert_eq!(app.database.count("passwords").await, 0);
    assert_eq!(app.database.count("user_roles").await, 0);
    assert_eq!(events_of(&app, &old).await.last().expect("an event"), "user.purged.v1");

    let new = register(&app, fields).await.expect(201).json();
    assert_ne!(new["id"], old["id"]);
    assert!(new["number"].as_i64() > old["number"].as_i64());
    assert_eq!(new["metadata"], json!({}));
    assert_eq!(new["last_login_at"], Value::Null);
    assert_eq!(standing(&app, &token).await, 401);
    assert_problem(&refresh(&app, &refresh_token(&pair)).await, 401, "account_gone");
}

#[tokio::test]
async fn a_name_and_a_token_are_asked_for() {
    let app = any().await;
    for (body, field, code) in [
        (json!({}), "identifier", "required"),
        (json!({}), "restoration_token", "required"),
        (json!({ "identifier": "ann" }), "restoration_token", "required"),
        (json!({ "restoration_token": "x" }), "identifier", "required"),
        (
            json!({ "email": "a@x.io", "identifier": "a", "restoration_token": "x" }),
            "identifier",
            "superfluous",
        ),
    ] {
        assert_field(&app.post(RESTORE, &body).send().await, field, code);
    }
}
