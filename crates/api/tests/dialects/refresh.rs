//! Refresh tokens that are JWTs: their state is the session's row, as with the opaque ones.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{App, Reply, on_every_backend, refresh_token};

use super::support::{at_once, claims};

const PASSWORD: &str = "examplePassword";
const DAY: Duration = Duration::from_hours(24);

on_every_backend!(App::on =>
    a_refresh_token_of_jwt_accounts_rotates,
    a_lost_answer_is_answered_again_within_ten_seconds,
    a_replay_ends_the_session,
    fifty_at_once_on_two_nodes_leave_one_successor,
    a_refresh_token_of_djoser_stays_good_for_a_day,
    djoser_rotates_where_it_is_told_to,
    no_token_refreshes_an_account_that_may_not_sign_in,
    a_token_is_good_only_for_what_it_is,
    a_refresh_token_is_refreshed_where_it_was_made,
    a_new_key_leaves_old_refresh_tokens_alone,
);

async fn sign_in(app: &App, path: &str) -> Value {
    let body = json!({ "username": "ann", "password": PASSWORD });
    app.post(path, &body).send().await.expect(200).json()
}

/// Registered, and signed in to `jwt_accounts`.
async fn jwt_accounts(app: &App) -> Value {
    register(app).await;
    sign_in(app, "/auth/login").await
}

/// Registered, and signed in to `djoser`.
async fn djoser(app: &App) -> Value {
    register(app).await;
    sign_in(app, "/api/auth/jwt/create/").await
}

async fn register(app: &App) {
    let body = json!({ "username": "ann", "password": PASSWORD, "email": "ann@example.org" });
    app.post("/users", &body).send().await.expect(201);
}

async fn refresh(app: &App, pair: &Value) -> Reply {
    app.post("/auth/refresh", &json!({ "refresh_token": pair["refresh_token"] })).send().await
}

async fn refresh_djoser(app: &App, pair: &Value) -> Reply {
    app.post("/api/auth/jwt/refresh/", &json!({ "refresh": pair["refresh"] })).send().await
}

async fn standing(app: &App, token: &Value) -> u16 {
    let token = token.as_str().expect("a token");
    app.get("/users").bearer(token).send().await.status.as_u16()
}

/// SES-02
async fn a_refresh_token_of_jwt_accounts_rotates(app: App) {
    let first = jwt_accounts(&app).await;
    app.advance(DAY);
    let second = refresh(&app, &first).await.expect(200).json();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(standing(&app, &second["access_token"]).await, 200);
    let third = refresh(&app, &second).await.expect(200).json();
    assert_eq!(app.database.count("sessions").await, 1);
    // SES-06: the end of the session is the end of every token.
    app.advance(DAY * 28);
    app.advance(Duration::from_secs(24 * 60 * 60 - 1));
    let last = refresh(&app, &third).await.expect(200).json();
    app.advance(Duration::from_secs(1));
    refresh(&app, &last).await.expect(401);
    assert_eq!(standing(&app, &last["access_token"]).await, 401);
}

/// SES-04
async fn a_lost_answer_is_answered_again_within_ten_seconds(app: App) {
    let first = jwt_accounts(&app).await;
    let second = refresh(&app, &first).await.expect(200).json();
    app.advance(Duration::from_secs(10));
    let again = refresh(&app, &first).await.expect(200).json();
    assert_eq!(claims(&refresh_token(&again)), claims(&refresh_token(&second)));
    refresh(&app, &second).await.expect(200);
}

/// SES-02: somebody else holds a copy.
async fn a_replay_ends_the_session(app: App) {
    let first = jwt_accounts(&app).await;
    let other = sign_in(&app, "/auth/login").await;
    let second = refresh(&app, &first).await.expect(200).json();
    app.advance(Duration::from_secs(11));
    let reply = refresh(&app, &first).await.expect(401);
    assert_eq!(reply.json(), json!({ "detail": "Invalid or expired token" }));
    refresh(&app, &second).await.expect(401);
    assert_eq!(standing(&app, &second["access_token"]).await, 401);
    refresh(&app, &other).await.expect(200);
}

/// SES-03
async fn fifty_at_once_on_two_nodes_leave_one_successor(app: App) {
    let pair = jwt_accounts(&app).await;
    let beside = app.beside().await;
    let body = json!({ "refresh_token": pair["refresh_token"] });
    let replies = at_once((0..50).map(|number| {
        let node = if number % 2 == 0 { &app } else { &beside };
        node.post("/auth/refresh", &body)
    }))
    .await;
    let pairs = replies.into_iter().map(|reply| reply.expect(200).json());
    let successors: BTreeSet<String> =
        pairs.map(|pair| claims(&refresh_token(&pair)).to_string()).collect();
    assert_eq!(successors.len(), 1, "{successors:?}");
}

async fn a_refresh_token_of_djoser_stays_good_for_a_day(app: App) {
    let pair = djoser(&app).await;
    for _ in 0..3 {
        app.advance(Duration::from_hours(7));
        let reply = refresh_djoser(&app, &pair).await.expect(200).json();
        assert_eq!(reply.as_object().map(serde_json::Map::len), Some(1), "no new refresh token");
        assert_eq!(standing(&app, &reply["access"]).await, 200);
    }
    app.advance(Duration::from_hours(3));
    let reply = refresh_djoser(&app, &pair).await.expect(401).json();
    assert_eq!(reply["detail"], "Token is invalid or expired");
}

/// SES-02, SES-03, SES-04: the rules are the same everywhere.
async fn djoser_rotates_where_it_is_told_to(app: App) {
    let first = djoser(&app).await;
    let settings = [("VESTIBULE_DIALECTS__DJOSER__ROTATE_REFRESH_TOKENS", "true")];
    let nodes = [App::with(&settings).beside(&app).await, App::with(&settings).beside(&app).await];
    let body = json!({ "refresh": first["refresh"] });
    let path = "/api/auth/jwt/refresh/";
    let replies = at_once((0..50).map(|number| nodes[number % 2].post(path, &body))).await;
    let said = |reply: Reply| {
        let reply = reply.expect(200).json();
        claims(reply["refresh"].as_str().expect("a new one")).to_string()
    };
    let second = nodes[0].post(path, &body).send().await.expect(200).json();
    let successors: BTreeSet<String> = replies.into_iter().map(said).collect();
    assert_eq!(successors.len(), 1, "{successors:?}");
    app.advance(Duration::from_secs(11));
    refresh_djoser(&nodes[0], &first).await.expect(401);
    refresh_djoser(&nodes[1], &second).await.expect(401);
}

/// SES-11, LGN-15
async fn no_token_refreshes_an_account_that_may_not_sign_in(app: App) {
    let (one, other) = (jwt_accounts(&app).await, sign_in(&app, "/api/auth/jwt/create/").await);
    let operator = app.services.operator();
    let id = app.account("ann").await.id;
    operations::accounts::block(&app.services, &operator, id).await.expect("blocked");
    let blocked = refresh(&app, &one).await.expect(401).json();
    assert_eq!(blocked, json!({ "detail": "Invalid or expired token" }));
    refresh_djoser(&app, &other).await.expect(401);
    operations::accounts::unblock(&app.services, &operator, id).await.expect("unblocked");
    refresh(&app, &one).await.expect(401);
    operations::accounts::delete(&app.services, &operator, id).await.expect("deleted");
    refresh(&app, &one).await.expect(401);
    refresh_djoser(&app, &other).await.expect(401);
}

/// JWT-05
async fn a_token_is_good_only_for_what_it_is(app: App) {
    let (one, other) = (jwt_accounts(&app).await, sign_in(&app, "/api/auth/jwt/create/").await);
    for refresh_token in [&one["refresh_token"], &other["refresh"]] {
        let token = refresh_token.as_str().expect("a token");
        for path in ["/users", "/users/admin", "/api/auth/users/me/", "/api/v1/users/current"] {
            app.get(path).bearer(token).send().await.expect(401);
        }
        app.post("/users/logout", &json!({})).bearer(token).send().await.expect(401);
    }
    for access_token in [&one["access_token"], &other["access"]] {
        refresh(&app, &json!({ "refresh_token": access_token })).await.expect(401);
        refresh_djoser(&app, &json!({ "refresh": access_token })).await.expect(401);
        let body = json!({ "refresh": access_token });
        let reply = app.post("/api/auth/logout/", &body).send().await.expect(401).json();
        assert_eq!(reply["detail"], "Token has wrong type");
        let body = json!({ "refresh_token": access_token });
        app.post("/api/v1/auth/refresh", &body).send().await.expect(401);
        assert_eq!(standing(&app, access_token).await, 200, "nothing of this ended it");
    }
}

/// SES-05
async fn a_refresh_token_is_refreshed_where_it_was_made(app: App) {
    let (one, other) = (jwt_accounts(&app).await, sign_in(&app, "/api/auth/jwt/create/").await);
    let native = json!({ "identifier": "ann", "password": PASSWORD });
    let native = app.post("/api/v1/auth/login", &native).send().await.expect(200).json();
    refresh(&app, &json!({ "refresh_token": other["refresh"] })).await.expect(401);
    refresh(&app, &json!({ "refresh_token": native["refresh_token"] })).await.expect(401);
    refresh_djoser(&app, &json!({ "refresh": one["refresh_token"] })).await.expect(401);
    for foreign in [&one["refresh_token"], &other["refresh"]] {
        let body = json!({ "refresh_token": foreign });
        app.post("/api/v1/auth/refresh", &body).send().await.expect(401);
    }
    // Nothing was consumed.
    refresh(&app, &one).await.expect(200);
    refresh_djoser(&app, &other).await.expect(200);
}

/// JWT-12: a retired key is good as long as the longest life of what it signed.
async fn a_new_key_leaves_old_refresh_tokens_alone(app: App) {
    let pair = jwt_accounts(&app).await;
    // What lives shorter from now on, and what answers no more, is no reason to forget a key.
    let changed = App::with(&[
        ("VESTIBULE_TOKENS__ALGORITHM", "ES256"),
        ("VESTIBULE_DIALECTS__ENABLED", "jwt_accounts"),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__REFRESH_LIFETIME", "1d"),
    ]);
    let changed = changed.beside(&app).await;
    app.advance(DAY * 29);
    let pair = refresh(&changed, &pair).await.expect(200).json();
    assert_eq!(standing(&changed, &pair["access_token"]).await, 200);
}
