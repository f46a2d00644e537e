//! `POST /api/v1/auth/login`

use domain::{SessionId, UserId};
use serde_json::{Value, json};
use testkit::{App, PASSWORD, Reply, access_token, on_every_backend};

use super::support::{
    CURRENT, LOGIN, any, any_with, assert_field, assert_problem, at_once, events_of, register,
    roomy, standing, statuses,
};

on_every_backend!(App::on =>
    every_identifier_signs_in_by_every_name,
    whoever_cannot_sign_in_gets_one_answer,
    a_blocked_account_says_so_only_after_the_right_password,
    each_sign_in_is_a_session_of_its_own,
);

async fn login(app: &App, body: &Value) -> Reply {
    app.post(LOGIN, body).send().await
}

async fn every_identifier_signs_in_by_every_name(app: App) {
    let fields = json!({ "username": "Ann", "email": "Ann@x.io", "phone": "+15550100000" });
    let user = register(&app, fields).await.expect(201).json();
    for (field, value) in [
        ("identifier", "ann"),
        ("identifier", "ANN@X.IO"),
        ("identifier", "+1 (555) 010-0000"),
        ("identifier", "15550100000"),
        ("username", "aNN"),
        ("email", "ann@x.IO"),
        ("phone", "1.555.010.0000"),
    ] {
        let body = json!({ (field): value, "password": PASSWORD });
        let pair = login(&app, &body).await.expect(200).json();
        assert_eq!(pair["token_type"], "bearer");
        assert_eq!(pair["expires_in"], 600);
        assert!(pair["refresh_token"].is_string());
        let shown = app.get(CURRENT).bearer(&access_token(&pair)).send().await.expect(200).json();
        assert_eq!(shown["id"], user["id"]);
        assert_eq!(shown["last_login_at"], "2026-01-01T00:00:00.000000Z");
    }
    // A field that names its kind finds no other kind.
    for (field, value) in
        [("username", "ann@x.io"), ("email", "ann"), ("phone", "ann"), ("email", "+15550100000")]
    {
        let body = json!({ (field): value, "password": PASSWORD });
        assert_problem(&login(&app, &body).await, 401, "invalid_credentials");
    }
}

/// LGN-09, LIF-02: the same status and the same bytes but for the request's id.
async fn whoever_cannot_sign_in_gets_one_answer(app: App) {
    app.register("ann").await;
    let token = app.newcomer("gone").await;
    let body = json!({ "current_password": PASSWORD });
    app.delete(CURRENT, &body).bearer(&token).send().await.expect(200);
    app.register("blocked").await;
    let blocked = app.account("blocked").await;
    let operator = app.services.operator();
    operations::accounts::block(&app.services, &operator, blocked.id).await.expect("blocked");

    let attempts = [
        ("ann", "wrong password"),
        ("ann@example.org", ""),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("+15550100000", PASSWORD),
        ("gone", PASSWORD),
        ("gone@example.org", PASSWORD),
        ("gone", "wrong password"),
        ("blocked", "wrong password"),
        ("", ""),
    ];
    let mut answers = Vec::new();
    for (identifier, password) in attempts {
        let body = json!({ "identifier": identifier, "password": password });
        let call = app.post(LOGIN, &body).header("x-request-id", "the-same");
        let mut reply = call.send().await;
        assert_problem(&reply, 401, "invalid_credentials");
        assert_eq!(reply.set_cookie("access_token"), None);
        // Counts down with each, whoever is asked for.
        reply.headers.remove("ratelimit");
        answers.push((reply.text, format!("{:?}", reply.headers)));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

/// LGN-15
async fn a_blocked_account_says_so_only_after_the_right_password(app: App) {
    let token = app.newcomer("ann").await;
    let id = app.account("ann").await.id;
    let operator = app.services.operator();
    operations::accounts::block(&app.services, &operator, id).await.expect("blocked");
    let reply = app.try_sign_in("ann", PASSWORD).await;
    assert_problem(&reply, 403, "account_blocked");
    assert_eq!(reply.set_cookie("access_token"), None);
    assert_eq!(standing(&app, &token).await, 403);
    operations::accounts::unblock(&app.services, &operator, id).await.expect("unblocked");
    assert_eq!(standing(&app, &token).await, 401, "what was ended stays ended");
    app.sign_in("ann").await;
}

/// LGN-11
async fn each_sign_in_is_a_session_of_its_own(app: App) {
    let user = app.register("ann").await;
    let (first, second) = (app.sign_in("ann").await, app.sign_in("ann").await);
    assert_ne!(first["access_token"], second["access_token"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(app.database.count("sessions").await, 2);
    assert_eq!(
        events_of(&app, &user).await,
        ["user.registered.v1", "user.signed_in.v1", "user.signed_in.v1"]
    );
}

mod crowds {
    use super::{
        a_sign_in_never_outlives_a_deletion, fifty_right_sign_ins_at_once_all_succeed, roomy,
    };

    testkit::on_every_backend!(roomy =>
        fifty_right_sign_ins_at_once_all_succeed,
        a_sign_in_never_outlives_a_deletion,
    );
}

/// LGN-04
async fn fifty_right_sign_ins_at_once_all_succeed(app: App) {
    app.register("ann").await;
    let body = json!({ "identifier": "ann", "password": PASSWORD });
    let replies = at_once((0..50).map(|_| app.post(LOGIN, &body))).await;
    assert_eq!(statuses(&replies).into_iter().collect::<Vec<_>>(), [(200, 50)]);
}

/// LIF-07: no session is alive once the deletion is acknowledged. Whoever stands in line for too
/// long is sent away (API-02): a deletion is asked for again, a sign-in has no session either.
async fn a_sign_in_never_outlives_a_deletion(app: App) {
    for round in 0..5 {
        let name = format!("ann{round}");
        let token = app.newcomer(&name).await;
        let deletion = async {
            loop {
                let body = json!({ "current_password": PASSWORD });
                let reply = app.delete(CURRENT, &body).bearer(&token).send().await;
                if reply.status != 503 {
                    return reply;
                }
            }
        };
        let body = json!({ "identifier": name, "password": PASSWORD });
        let sign_ins = at_once((0..8).map(|_| app.post(LOGIN, &body)));
        let (deletion, sign_ins) = tokio::join!(deletion, sign_ins);
        assert!(deletion.status.is_success(), "{}", deletion.text);
        for reply in sign_ins {
            if let Some(access) = reply.json()["access_token"].as_str() {
                assert_eq!(standing(&app, access).await, 401);
            } else {
                // Of a deleted account no password is right: the sixth in a row waits.
                assert!(matches!(reply.status.as_u16(), 401 | 429 | 503), "{}", reply.text);
            }
        }
    }
}

/// API-02: a crowd that is too large is sent away at once, and told when to come back.
#[tokio::test]
async fn who_would_wait_too_long_is_told_to_come_back() {
    let app = any_with(&[
        ("VESTIBULE_PASSWORDS__THREADS", "1"),
        // A hash takes several times the wait on any machine, however fast it is.
        ("VESTIBULE_PASSWORDS__MEMORY_KIB", "131072"),
        ("VESTIBULE_PASSWORDS__MAX_WAIT", "10ms"),
    ])
    .await;
    app.register("ann").await;
    // Of one account or address only some are compared at a time: a crowd has many of both.
    let replies = at_once((0..60_u8).map(|n| {
        let body = json!({ "identifier": format!("nobody{n}"), "password": PASSWORD });
        app.post(LOGIN, &body).from([198, 51, 100, n].into())
    }))
    .await;
    let away: Vec<&Reply> = replies.iter().filter(|reply| reply.status != 401).collect();
    assert!(!away.is_empty() && away.len() < replies.len(), "{:?}", statuses(&replies));
    for reply in away {
        assert_problem(reply, 503, "overloaded");
    }
    app.sign_in("ann").await;
}

#[tokio::test]
async fn exactly_one_identifier_is_asked_for() {
    let app = any().await;
    app.register("ann").await;
    for (body, code) in [
        (json!({ "password": PASSWORD }), "required"),
        (json!({ "identifier": "ann", "username": "ann", "password": PASSWORD }), "superfluous"),
        (
            json!({ "username": "ann", "email": "ann@example.org", "password": PASSWORD }),
            "superfluous",
        ),
    ] {
        assert_field(&login(&app, &body).await, "identifier", code);
    }
    let reply = login(&app, &json!({ "identifier": "ann" })).await;
    assert_field(&reply, "password", "required");
}

/// WEB-01
#[tokio::test]
async fn the_cookies_are_out_of_reach_for_pages() {
    let app = any().await;
    app.register("ann").await;
    let reply = app.try_sign_in("ann", PASSWORD).await.expect(200);
    let pair = reply.json();
    for (name, seconds) in [("access_token", 600), ("refresh_token", 14 * 24 * 60 * 60)] {
        let value = pair[name].as_str().expect("a token");
        let expected = format!("{value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax");
        assert_eq!(reply.set_cookie(name), Some(expected));
    }
}

#[tokio::test]
async fn over_https_the_cookies_are_secure() {
    let app = any_with(&[("VESTIBULE_HTTP__PUBLIC_URL", "https://id.example.org")]).await;
    app.register("ann").await;
    let reply = app.try_sign_in("ann", PASSWORD).await.expect(200);
    for name in ["access_token", "refresh_token"] {
        let cookie = reply.set_cookie(name).expect("a cookie");
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
        assert!(cookie.len() < 4096);
    }
}

#[tokio::test]
async fn cookies_may_be_bound_to_the_host() {
    let app = any_with(&[
        ("VESTIBULE_HTTP__PUBLIC_URL", "https://id.example.org"),
        ("VESTIBULE_HTTP__COOKIE_HOST_PREFIX", "true"),
    ])
    .await;
    app.register("ann").await;
    let reply = app.try_sign_in("ann", PASSWORD).await.expect(200);
    assert_eq!(reply.set_cookie("access_token"), None);
    let cookie = reply.set_cookie("__Host-access_token").expect("a cookie");
    assert!(cookie.contains("; Path=/;") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(!cookie.contains("Domain"));
    let token = access_token(&reply.json());
    app.get(CURRENT).cookie("__Host-access_token", &token).send().await.expect(200);
    app.get(CURRENT).cookie("access_token", &token).send().await.expect(401);
    let out = app.post(super::support::LOGOUT, &json!({})).cookie("__Host-access_token", &token);
    let out = out.send().await.expect(204);
    assert!(out.set_cookie("__Host-access_token").expect("removed").contains("Max-Age=0"));
}

/// LGN-13
#[tokio::test]
async fn no_address_carries_a_password() {
    let app = any().await;
    app.register("ann").await;
    let path = format!("{LOGIN}?identifier=ann&password=correct%20horse%20battery%20staple");
    let reply = app.get(&path).send().await;
    assert_problem(&reply, 405, "method_not_allowed");
    assert!(reply.header("allow").is_some_and(|allow| allow.contains("POST")));
    let reply = app.post(&path, &json!({})).send().await;
    assert!(reply.status.is_client_error(), "{}", reply.text);
    assert_eq!(reply.set_cookie("access_token"), None);
    let call = app.call(http::Method::POST, &path);
    let form = call.header("content-type", "application/x-www-form-urlencoded").send().await;
    assert_problem(&form, 415, "unsupported_media_type");
}

/// JWT-07, JWT-14, JWT-11: RFC 9068 claims, nothing personal, nothing that users wrote.
#[tokio::test]
async fn the_token_says_what_it_must_and_nothing_else() {
    let app = any().await;
    let user = app.register("ann").await;
    let pair = app.sign_in("ann").await;
    let parts = super::forge::Parts::of(&access_token(&pair));
    assert_eq!(parts.header["typ"], "at+jwt");
    assert_eq!(parts.header["alg"], "EdDSA");
    let claims = &parts.claims;
    let mut names: Vec<&str> =
        claims.as_object().expect("claims").keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["aud", "client_id", "exp", "iat", "iss", "jti", "nbf", "sid", "sub", "token_type", "ver"]
    );
    assert_eq!(claims["sub"], user["id"]);
    assert_eq!(claims["iss"], "http://127.0.0.1:8000");
    let (exp, iat) = (claims["exp"].as_i64(), claims["iat"].as_i64());
    assert_eq!(pair["expires_in"].as_i64(), exp.zip(iat).map(|(exp, iat)| exp - iat));
    assert_eq!(claims["token_type"], "access");
    let sid = claims["sid"].as_str().and_then(|sid| sid.parse().ok()).expect("a session");
    let mut read = app.database.store.read().await.expect("a connection");
    let session = storage::sessions::find(&mut read, SessionId(sid)).await.expect("it is read");
    let id = user["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    assert_eq!(session.expect("a session").user_id, UserId(id));
}
