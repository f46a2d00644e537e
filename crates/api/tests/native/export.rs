//! `GET /api/v1/users/current/export`: everything about oneself, and nothing else.

use std::time::Duration;

use domain::{Actor, RoleName};
use operations::{Client, accounts, roles};
use serde_json::{Value, json};
use testkit::{App, PASSWORD, access_token, on_every_backend};

use super::support::{CURRENT, assert_problem};

const EXPORT: &str = "/api/v1/users/current/export";

on_every_backend!(App::on =>
    one_reads_everything_that_is_kept_about_oneself,
    an_export_of_many_events_comes_whole,
    pwd_07_a_token_of_long_ago_carries_nothing_away,
);

async fn one_reads_everything_that_is_kept_about_oneself(app: App) {
    let token = app.newcomer("ann").await;
    let change = json!({ "first_name": "Ann", "metadata": { "colour": "green" } });
    app.patch(CURRENT, &change).bearer(&token).send().await.expect(200);
    let id = app.account("ann").await.id;
    // Somebody else did something from somewhere.
    let client = Client { address: Some("203.0.113.9".to_owned()), ..Client::default() };
    let other = app.newcomer("root").await;
    let root = app.account("root").await.id;
    let (operator, moderator) = (app.services.operator(), RoleName::new(RoleName::MODERATOR));
    roles::grant(&app.services, &operator, root, &moderator).await.expect("granted");
    let ctx = app.services.native(client, None).acting_as(Actor::User(root));
    accounts::block(&app.services, &ctx, id).await.expect("blocked");
    accounts::unblock(&app.services, &ctx, id).await.expect("unblocked");
    let token = access_token(&app.sign_in("ann").await);

    let reply = app.get(EXPORT).bearer(&token).send().await.expect(200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let export = reply.json();
    let account = app.get(CURRENT).bearer(&token).send().await.expect(200).json();
    assert_eq!(export["account"], account);
    assert_eq!(export["exported_at"], app.now().to_rfc3339());
    assert_eq!(export["sessions"].as_array().map(Vec::len), Some(1));
    assert_eq!(export["sessions"][0]["current"], true);
    assert_eq!(export["devices"].as_array().map(Vec::len), Some(1));
    let events = export["events"].as_array().expect("events");
    let names: Vec<&str> = events.iter().filter_map(|event| event["action"].as_str()).collect();
    assert_eq!(names[1..3], ["vestibule.user.unblocked.v1", "vestibule.user.blocked.v1"]);
    let registered = events.last().expect("the first");
    assert_eq!(registered["changes"]["email"]["after"], "ann@example.org");
    assert_eq!(registered["address"], "192.0.2.1");
    for hidden in ["203.0.113.9", &root.to_string(), "argon2", "refresh_secret", "fingerprint"] {
        assert!(!reply.text.contains(hidden), "{hidden}");
    }
    drop(other);
}

/// More than one piece, and none of them twice.
async fn an_export_of_many_events_comes_whole(app: App) {
    let token = app.newcomer("ann").await;
    for round in 0..210 {
        let change = json!({ "first_name": format!("Ann {round}") });
        app.patch(CURRENT, &change).bearer(&token).send().await.expect(200);
    }
    let export = app.get(EXPORT).bearer(&token).send().await.expect(200).json();
    let events = export["events"].as_array().expect("events");
    assert_eq!(events.len(), 212, "registered, signed in, and each change");
    let ids: std::collections::BTreeSet<&str> =
        events.iter().filter_map(|event| event["id"].as_str()).collect();
    assert_eq!(ids.len(), events.len());
    assert_eq!(events[0]["changes"]["first_name"]["after"], "Ann 209");
}

async fn pwd_07_a_token_of_long_ago_carries_nothing_away(app: App) {
    app.register("ann").await;
    let pair = app.sign_in("ann").await;
    app.advance(Duration::from_hours(24));
    let body = json!({ "refresh_token": pair["refresh_token"] });
    let pair = app.post("/api/v1/auth/refresh", &body).send().await.expect(200).json();
    let old = app.get(EXPORT).bearer(&access_token(&pair)).send().await;
    assert_problem(&old, 403, "sign_in_again");
    let new = access_token(&app.sign_in("ann").await);
    app.get(EXPORT).bearer(&new).send().await.expect(200);
    assert_problem(&app.get(EXPORT).send().await, 401, "token_missing");

    // Nor does one from a surface that asks for less.
    let form = json!({ "username": "ann", "password": PASSWORD });
    let elsewhere: Value = app.post("/api/auth/jwt/create/", &form).send().await.expect(200).json();
    let foreign = elsewhere["access"].as_str().expect("a token");
    assert_problem(&app.get(EXPORT).bearer(foreign).send().await, 401, "sign_in_here");
}
