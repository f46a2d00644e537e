//! `POST /api/v1/auth/logout` and `/logout/all`

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use testkit::{App, Reply, access_token, on_every_backend, refresh_token};

use super::support::{
    LOGOUT, LOGOUT_ALL, REFRESH, any, assert_problem, at_once, events_of, refresh, standing,
    statuses,
};

on_every_backend!(App::on =>
    any_token_ends_the_session_on_every_node,
    signing_out_everywhere_ends_every_session,
    twenty_sign_outs_at_once_are_one,
);

/// SES-07, SES-16, SES-17: header, cookies, body; twice.
async fn any_token_ends_the_session_on_every_node(app: App) {
    app.register("ann").await;
    let other = app.beside().await;
    let bystander = access_token(&app.sign_in("ann").await);
    for way in 0..7 {
        let pair = app.sign_in("ann").await;
        let (access, refreshing) = (access_token(&pair), refresh_token(&pair));
        for _ in 0..2 {
            let call = app.call(Method::POST, LOGOUT);
            let call = match way {
                0 => call.bearer(&access),
                1 => call.cookie("access_token", &access),
                2 => call.cookie("refresh_token", &refreshing),
                3 => call.json(&json!({ "refresh_token": refreshing })),
                5 => call.json(&json!({ "access_token": access })),
                4 => call.bearer(&access).json(&json!({ "refresh_token": refreshing })),
                _ => call.bearer("undefined").json(&json!({ "refresh_token": refreshing })),
            };
            assert_signed_out(&call.send().await);
            for node in [&app, &other] {
                assert_eq!(standing(node, &access).await, 401, "way {way}");
                let reply = refresh(node, &refreshing).await;
                assert_problem(&reply, 401, "token_revoked");
            }
        }
        assert_eq!(standing(&app, &bystander).await, 200);
    }
}

#[track_caller]
fn assert_signed_out(reply: &Reply) {
    assert_eq!(reply.status, 204, "{}", reply.text);
    assert_eq!(reply.text, "");
    for name in ["access_token", "refresh_token"] {
        let cookie = reply.set_cookie(name).expect("it is removed");
        assert!(cookie.starts_with("; Path=/; Max-Age=0; HttpOnly"), "{cookie}");
    }
    // WEB-06; cookies would take those of our neighbours with them.
    assert_eq!(reply.header("clear-site-data"), Some("\"cache\", \"storage\""));
}

async fn signing_out_everywhere_ends_every_session(app: App) {
    let user = app.register("ann").await;
    let stranger = app.newcomer("bob").await;
    let other = app.beside().await;
    let pairs = [app.sign_in("ann").await, app.sign_in("ann").await, other.sign_in("ann").await];
    let reply = app.call(Method::POST, LOGOUT_ALL).bearer(&access_token(&pairs[0])).send().await;
    assert_signed_out(&reply);
    for pair in &pairs {
        assert_eq!(standing(&other, &access_token(pair)).await, 401);
        assert_problem(&refresh(&other, &refresh_token(pair)).await, 401, "token_revoked");
    }
    assert_eq!(standing(&app, &stranger).await, 200);
    let again = app.call(Method::POST, LOGOUT_ALL).bearer(&access_token(&pairs[0])).send().await;
    assert_problem(&again, 401, "token_revoked");
    let events = events_of(&app, &user).await;
    assert_eq!(events.last().map(String::as_str), Some("user.sessions_revoked.v1"));
    app.sign_in("ann").await;
}

/// SES-16: one fact, however often it is asked for.
async fn twenty_sign_outs_at_once_are_one(app: App) {
    let user = app.register("ann").await;
    let access = access_token(&app.sign_in("ann").await);
    let calls = (0..20).map(|_| app.call(Method::POST, LOGOUT).bearer(&access));
    assert_eq!(statuses(&at_once(calls).await).into_iter().collect::<Vec<_>>(), [(204, 20)]);
    let events = events_of(&app, &user).await;
    assert_eq!(events.iter().filter(|name| *name == "user.signed_out.v1").count(), 1);
}

/// SES-16: no live access token is needed.
#[tokio::test]
async fn an_expired_token_still_signs_out() {
    let app = any().await;
    app.register("ann").await;
    for with_refresh in [true, false] {
        let pair = app.sign_in("ann").await;
        app.advance(Duration::from_mins(11));
        assert_eq!(standing(&app, &access_token(&pair)).await, 401);
        let body = if with_refresh { pair["refresh_token"].clone() } else { Value::Null };
        let call = app.post(LOGOUT, &json!({ "refresh_token": body }));
        assert_signed_out(&call.bearer(&access_token(&pair)).send().await);
        assert_problem(&refresh(&app, &refresh_token(&pair)).await, 401, "token_revoked");
    }
}

/// Both tokens are named: both sessions end.
#[tokio::test]
async fn tokens_of_two_sessions_end_both() {
    let app = any().await;
    app.register("ann").await;
    let (one, two) = (app.sign_in("ann").await, app.sign_in("ann").await);
    let call = app.post(LOGOUT, &json!({ "refresh_token": two["refresh_token"] }));
    assert_signed_out(&call.bearer(&access_token(&one)).send().await);
    for pair in [&one, &two] {
        assert_eq!(standing(&app, &access_token(pair)).await, 401);
        refresh(&app, &refresh_token(pair)).await.expect(401);
    }
}

/// Signing out works without any token, and with what is none.
#[tokio::test]
async fn who_is_not_signed_in_is_signed_out() {
    let app = any().await;
    app.register("ann").await;
    let pair = app.sign_in("ann").await;
    let logout = || app.call(Method::POST, LOGOUT);
    for call in [
        logout(),
        logout().json(&json!({})),
        logout().bearer("null"),
        logout().bearer(""),
        logout().header("authorization", "Bearer"),
        logout().header("authorization", "Basic YW5uOng="),
        logout().bearer(&"x".repeat(9000)),
        logout().cookie("access_token", "x"),
        logout().cookie("refresh_token", "x"),
        logout().json(&json!({ "refresh_token": "x" })),
        logout().json(&json!({ "refresh_token": access_token(&pair) })),
        logout().bearer(&refresh_token(&pair)),
    ] {
        assert_signed_out(&call.send().await);
    }
    assert_eq!(standing(&app, &access_token(&pair)).await, 200, "nobody else is signed out");
    let reply = app.call(Method::POST, LOGOUT_ALL).send().await;
    assert_problem(&reply, 401, "token_missing");
    let reply = app.post(REFRESH, &json!({})).header("authorization", "Basic x").send().await;
    assert_problem(&reply, 401, "token_missing");
}
