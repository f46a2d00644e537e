//! What whoever knows the secret of a dialect gains by making tokens of its old service as he likes
//! (docs/decisions/0044): nothing of anybody else's ends by it, and little is written.

use std::time::Duration;

use serde_json::json;
use testkit::{App, on_every_backend};

use super::legacy::{claims, moved, signed, with_secrets};
use super::one_account::On;
use super::own_secret::{SECRETS, let_in, present};
use super::support::{at_once, count};

const HOUR: Duration = Duration::from_hours(1);
const MOST: usize = 3;

on_every_backend!(App::on =>
    ses_12_many_old_tokens_end_no_session_and_write_few,
    ses_12_many_old_tokens_at_once_open_no_more_sessions_than_one_may_have,
    a_secret_that_comes_back_is_known_for_as_long_as_it_was,
);

async fn few(app: &App) -> App {
    let app = moved(app, &["ann"]).await;
    let most = MOST.to_string();
    let settings: Vec<(String, String)> = SECRETS
        .iter()
        .zip(["USER_MANAGEMENT", "JWT_ACCOUNTS", "DJOSER"])
        .flat_map(|((_, secret), name)| {
            let key = |what: &str| format!("VESTIBULE_DIALECTS__{name}__{what}");
            [
                (key("SECRET"), (*secret).to_owned()),
                (key("ACCEPT_LEGACY_TOKENS"), "true".to_owned()),
            ]
        })
        .chain([("VESTIBULE_SESSIONS__MAX_PER_USER".to_owned(), most)])
        .collect();
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    App::with(&settings).beside(&app).await
}

/// Another one of the same: with an age that whoever signs it chooses.
async fn forged(app: &App, kind: &str, number: usize) -> String {
    let mut made = claims(app, On::Djoser, kind, "ann").await;
    made["jti"] = json!(format!("{number:032}"));
    made["iat"] = json!(app.now().as_seconds() - i64::try_from(number).expect("small"));
    signed(On::Djoser, &made)
}

async fn rows(app: &App, table: &str) -> usize {
    app.database.dump().await.rows(table).len()
}

async fn renew(app: &App, token: &str) -> u16 {
    let body = json!({ "refresh": token });
    app.post("/api/auth/jwt/refresh/", &body).send().await.status.as_u16()
}

async fn ses_12_many_old_tokens_end_no_session_and_write_few(app: App) {
    let app = few(&app).await;
    let native = [On::Native.sign_in(&app, "ann").await, On::Djoser.sign_in(&app, "ann").await];
    app.advance(Duration::from_secs(50));
    let (sessions, events) = (rows(&app, "sessions").await, rows(&app, "events").await);
    let mut statuses = Vec::new();
    for number in 0..6 {
        // Those that renew nothing count, too.
        let (access, refresh) =
            (forged(&app, "access", number).await, forged(&app, "refresh", number).await);
        statuses.push(present(&app, On::Djoser, &access).await.status.as_u16());
        statuses.push(renew(&app, &refresh).await);
        // What was ended makes no room.
        app.post("/api/auth/logout/", &json!({ "refresh": refresh })).send().await;
    }
    let taken = statuses.iter().filter(|status| **status == 200).count();
    assert!((1..=MOST).contains(&taken), "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 401].contains(status)), "{statuses:?}");
    assert!(rows(&app, "sessions").await <= sessions + MOST);
    assert!(rows(&app, "events").await <= events + 2 * MOST);
    for (on, token) in [On::Native, On::Djoser].into_iter().zip(&native) {
        assert_eq!(present(&app, on, token).await.status, 200, "{on:?}");
    }
    // One who signs in ends what others may have made, before anything of his own.
    for _ in 0..MOST - native.len() {
        On::Native.sign_in(&app, "ann").await;
    }
    for (on, token) in [On::Native, On::Djoser].into_iter().zip(&native) {
        assert_eq!(present(&app, on, token).await.status, 200, "{on:?}");
    }
    // When they have run out, there is room again.
    app.advance(25 * HOUR);
    let later = forged(&app, "access", 7).await;
    let reply = present(&app, On::Djoser, &later).await;
    assert_eq!(reply.status.as_u16(), let_in(On::Djoser), "{}", reply.text);
}

async fn ses_12_many_old_tokens_at_once_open_no_more_sessions_than_one_may_have(app: App) {
    let app = few(&app).await;
    let beside = app.beside().await;
    let mut calls = Vec::new();
    for number in 0..20 {
        let token = forged(&app, "access", number).await;
        let node = if number % 2 == 0 { &app } else { &beside };
        calls.push(node.get("/api/auth/users/me/").bearer(&token));
    }
    let replies = at_once(calls).await;
    assert_eq!((count(&replies, 200), count(&replies, 401)), (MOST, 20 - MOST));
    assert_eq!(rows(&app, "sessions").await, MOST);
}

/// A token that does not say when it was made is from before we first knew the secret, however often
/// that was given up and taken again.
async fn a_secret_that_comes_back_is_known_for_as_long_as_it_was(app: App) {
    let first = with_secrets("true").beside(&app).await;
    first.advance(HOUR);
    On::Native.register(&first, "late").await;
    first.advance(HOUR);
    let key = "VESTIBULE_DIALECTS__USER_MANAGEMENT__SECRET";
    let legacy = ("VESTIBULE_DIALECTS__USER_MANAGEMENT__ACCEPT_LEGACY_TOKENS", "true");
    App::with(&[(key, "kW5&zD1!hT9#pX3@vB7^fN2*gM6(qC8)yL4$rJ0+")]).beside(&app).await;
    first.advance(HOUR);
    let issuer = ("VESTIBULE_DIALECTS__USER_MANAGEMENT__ISSUER", "old-service");
    let back = App::with(&[(key, SECRETS[0].1), legacy]).beside(&app).await;
    first.advance(HOUR);
    let renamed = App::with(&[(key, SECRETS[0].1), legacy, issuer]).beside(&app).await;
    first.advance(2 * HOUR);
    let token =
        signed(On::UserManagement, &claims(&first, On::UserManagement, "access", "late").await);
    for node in [&first, &back, &renamed] {
        let reply = present(node, On::UserManagement, &token).await;
        assert_eq!(reply.status, 401, "nobody was called so then: {}", reply.text);
    }
}
