//! `POST /api/v1/auth/refresh`: tokens that rotate, and what becomes of spent ones.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use testkit::{App, PASSWORD, access_token, on_every_backend, refresh_token};

use super::support::{
    CURRENT, REFRESH, any, assert_problem, at_once, events_of, refresh, standing, statuses,
};

const DAY: Duration = Duration::from_hours(24);
const ALMOST_A_DAY: Duration = Duration::from_secs(24 * 60 * 60 - 1);

on_every_backend!(App::on =>
    a_refresh_token_rotates,
    a_lost_answer_is_answered_again_within_ten_seconds,
    a_spent_token_after_its_time_ends_only_its_session,
    a_replay_after_the_successor_was_used_ends_the_session,
    an_unused_session_dies,
    a_busy_session_dies_in_the_end,
    no_token_refreshes_an_account_that_may_not_sign_in,
    fifty_at_once_on_two_nodes_leave_one_successor,
);

async fn next(app: &App, token: &str) -> Value {
    refresh(app, token).await.expect(200).json()
}

/// SES-02
async fn a_refresh_token_rotates(app: App) {
    let user = app.register("ann").await;
    let first = app.sign_in("ann").await;
    app.advance(Duration::from_mins(5));
    let reply = refresh(&app, &refresh_token(&first)).await.expect(200);
    let second = reply.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(second["expires_in"], 600);
    assert_eq!(second["token_type"], "bearer");
    let cookie = reply.set_cookie("refresh_token").expect("a cookie");
    assert!(cookie.starts_with(&refresh_token(&second)), "{cookie}");
    assert_eq!(standing(&app, &access_token(&second)).await, 200);
    assert_eq!(standing(&app, &access_token(&first)).await, 200, "until it expires");
    next(&app, &refresh_token(&second)).await;
    assert_eq!(app.database.count("sessions").await, 1);
    assert_eq!(events_of(&app, &user).await, ["user.registered.v1", "user.signed_in.v1"]);
}

/// SES-04
async fn a_lost_answer_is_answered_again_within_ten_seconds(app: App) {
    app.register("ann").await;
    let first = refresh_token(&app.sign_in("ann").await);
    let second = next(&app, &first).await;
    app.advance(Duration::from_secs(10));
    let again = next(&app, &first).await;
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    assert_eq!(standing(&app, &access_token(&again)).await, 200);
    assert_eq!(standing(&app, &access_token(&second)).await, 200);
    next(&app, &refresh_token(&second)).await;
}

/// SES-02: other devices stay signed in.
async fn a_spent_token_after_its_time_ends_only_its_session(app: App) {
    let user = app.register("ann").await;
    let other = app.sign_in("ann").await;
    let first = app.sign_in("ann").await;
    let second = next(&app, &refresh_token(&first)).await;
    app.advance(Duration::from_millis(10_001));
    let replay = refresh(&app, &refresh_token(&first)).await;
    assert_problem(&replay, 401, "token_revoked");
    assert_eq!(replay.set_cookie("access_token"), None);
    assert_eq!(standing(&app, &access_token(&second)).await, 401);
    assert_problem(&refresh(&app, &refresh_token(&second)).await, 401, "token_revoked");
    assert_problem(&refresh(&app, &refresh_token(&first)).await, 401, "token_revoked");
    assert_eq!(standing(&app, &access_token(&other)).await, 200);
    next(&app, &refresh_token(&other)).await;
    let events = events_of(&app, &user).await;
    let replays = events.iter().filter(|name| *name == "session.refresh_replayed.v1");
    assert_eq!(replays.count(), 1, "{events:?}");
}

/// SES-04: at once, whatever the clock says.
async fn a_replay_after_the_successor_was_used_ends_the_session(app: App) {
    app.register("ann").await;
    let first = refresh_token(&app.sign_in("ann").await);
    let second = refresh_token(&next(&app, &first).await);
    let third = next(&app, &second).await;
    assert_problem(&refresh(&app, &first).await, 401, "token_revoked");
    assert_problem(&refresh(&app, &refresh_token(&third)).await, 401, "token_revoked");
    assert_eq!(standing(&app, &access_token(&third)).await, 401);
}

/// SES-06
async fn an_unused_session_dies(app: App) {
    app.register("ann").await;
    let first = refresh_token(&app.sign_in("ann").await);
    app.advance(13 * DAY);
    app.advance(ALMOST_A_DAY);
    let second = refresh_token(&next(&app, &first).await);
    app.advance(14 * DAY);
    assert_problem(&refresh(&app, &second).await, 401, "token_revoked");
}

/// SES-06: the absolute end survives sliding, and the last tokens do not outlive it.
async fn a_busy_session_dies_in_the_end(app: App) {
    app.register("ann").await;
    let mut token = refresh_token(&app.sign_in("ann").await);
    for _ in 0..29 {
        app.advance(DAY);
        token = refresh_token(&next(&app, &token).await);
    }
    app.advance(ALMOST_A_DAY);
    let last = next(&app, &token).await;
    assert_eq!(last["expires_in"], 1);
    app.advance(Duration::from_secs(1));
    assert_problem(&refresh(&app, &refresh_token(&last)).await, 401, "token_revoked");
    assert_eq!(standing(&app, &access_token(&last)).await, 401);
}

/// SES-11, LGN-15
async fn no_token_refreshes_an_account_that_may_not_sign_in(app: App) {
    app.register("ann").await;
    let blocked = app.sign_in("ann").await;
    let id = app.account("ann").await.id;
    let operator = app.services.operator();
    operations::accounts::block(&app.services, &operator, id).await.expect("blocked");
    let reply = refresh(&app, &refresh_token(&blocked)).await;
    assert_problem(&reply, 403, "account_blocked");
    assert_eq!(reply.set_cookie("access_token"), None);
    operations::accounts::unblock(&app.services, &operator, id).await.expect("unblocked");
    assert_problem(&refresh(&app, &refresh_token(&blocked)).await, 401, "token_revoked");

    let deleted = app.sign_in("ann").await;
    let body = json!({ "current_password": PASSWORD });
    app.delete(CURRENT, &body).bearer(&access_token(&deleted)).send().await.expect(200);
    assert_problem(&refresh(&app, &refresh_token(&deleted)).await, 401, "account_gone");
}

/// SES-03: two nodes, one token, one branch.
async fn fifty_at_once_on_two_nodes_leave_one_successor(app: App) {
    app.register("ann").await;
    let other = app.beside().await;
    for _ in 0..3 {
        let first = refresh_token(&app.sign_in("ann").await);
        let body = json!({ "refresh_token": first });
        let calls = (0..50).map(|turn| {
            let node = if turn % 2 == 0 { &app } else { &other };
            node.post(REFRESH, &body)
        });
        let replies = at_once(calls).await;
        assert_eq!(statuses(&replies).into_iter().collect::<Vec<_>>(), [(200, 50)]);
        let mut successors: Vec<String> =
            replies.iter().map(|reply| refresh_token(&reply.json())).collect();
        successors.sort();
        successors.dedup();
        assert_eq!(successors.len(), 1, "{successors:?}");
        next(&other, &successors[0]).await;
    }
}

/// JWT-10
#[tokio::test]
async fn a_refresh_token_is_compared_in_full() {
    let app = any().await;
    app.register("ann").await;
    let token = refresh_token(&app.sign_in("ann").await);
    let swapped: String = token
        .chars()
        .map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let mut wrong: Vec<String> = (1..token.len()).map(|end| token[..end].to_owned()).collect();
    wrong.extend(["A", "=", "==", ".", " x", "%00"].map(|end| format!("{token}{end}")));
    wrong.extend([swapped, String::new(), "x".repeat(60_000), format!("\0{token}")]);
    wrong.push(token.replacen('A', "+", 1) + "/");
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).expect("base64url");
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        wrong.push(BASE64URL_NOPAD.encode(&flipped));
    }
    for token in &wrong {
        let reply = refresh(&app, token).await;
        assert_eq!(reply.status, 401, "{token}: {}", reply.text);
        let code = reply.text_at("/code");
        assert!(matches!(code.as_str(), "token_malformed" | "token_bad_signature"), "{code}");
    }
    next(&app, &token).await;
}

/// JWT-05, SES-15: each token for its own use.
#[tokio::test]
async fn no_token_does_the_work_of_another() {
    let app = any().await;
    app.register("ann").await;
    let pair = app.sign_in("ann").await;
    assert_problem(&refresh(&app, &access_token(&pair)).await, 401, "token_malformed");
    let reply = app.get(CURRENT).bearer(&refresh_token(&pair)).send().await;
    assert_problem(&reply, 401, "token_malformed");
    let reply = app.get(CURRENT).cookie("access_token", &refresh_token(&pair)).send().await;
    assert_problem(&reply, 401, "token_malformed");
    app.get(CURRENT).cookie("refresh_token", &access_token(&pair)).send().await.expect(401);
    // A bearer header is no refresh token either.
    let reply = app.post(REFRESH, &json!({})).bearer(&refresh_token(&pair)).send().await;
    assert_problem(&reply, 401, "token_missing");
}

#[tokio::test]
async fn the_body_wins_over_the_cookie() {
    let app = any().await;
    app.register("ann").await;
    let (cookie, body) = (app.sign_in("ann").await, app.sign_in("ann").await);
    let with_cookie = |token: &Value, body: &Value| {
        app.post(REFRESH, body).cookie("refresh_token", token.as_str().expect("a token"))
    };
    let reply = with_cookie(&cookie["refresh_token"], &json!({})).send().await.expect(200).json();
    let cookie = reply;
    let given = json!({ "refresh_token": body["refresh_token"] });
    let reply = with_cookie(&cookie["refresh_token"], &given).send().await.expect(200).json();
    let session = |pair: &Value| super::forge::Parts::of(&access_token(pair)).claims["sid"].clone();
    assert_eq!(session(&reply), session(&body));
    let wrong = json!({ "refresh_token": "x" });
    with_cookie(&cookie["refresh_token"], &wrong).send().await.expect(401);
    let null = json!({ "refresh_token": null });
    with_cookie(&cookie["refresh_token"], &null).send().await.expect(200);
}

#[tokio::test]
async fn without_a_token_there_is_nothing_to_refresh() {
    let app = any().await;
    let reply = app.call(http::Method::POST, REFRESH).send().await;
    assert_problem(&reply, 401, "token_missing");
    let challenge = reply.header("www-authenticate").expect("a challenge");
    assert!(!challenge.contains("error"), "JWT-15: {challenge}");
}
