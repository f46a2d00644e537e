//! Tokens that the old service of a dialect made of the secret that both know (docs/decisions/0044).

use std::time::Duration;

use domain::RoleName;
use http::Method;
use operations::roles;
use serde_json::{Value, json};
use testkit::{App, AppBuilder, on_every_backend};

use super::one_account::{CHANGING, On};
use super::own_secret::{SECRETS, assert_refused, let_in, pair, present};
use super::support::{at_once, count};
use crate::native::forge::{Parts, sign_with};
use crate::native::tokens::{ask, service};

const HOUR: Duration = Duration::from_hours(1);
const OLD_HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

on_every_backend!(App::on =>
    a_token_of_the_old_service_is_taken_on_its_routes_only,
    it_never_serves_whoever_may_more_than_a_mere_user,
    it_has_one_session_however_often_it_comes,
    an_old_refresh_token_is_worth_what_one_of_ours_is,
    one_of_mailed_codes_is_good_for_its_own_end,
);

/// `mailed_codes` takes tokens on one path only, so that the others ask it apart.
const OF_CODES: &str = "xV3$nR8!bQ6#tY1@mK9&cF4*wZ7^gH2+pL5=sD0a";

/// Instances with the secrets, which take old tokens, or do not.
pub(super) fn with_secrets(accepts: &str) -> AppBuilder {
    App::with(&[
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__SECRET", SECRETS[0].1),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__SECRET", SECRETS[1].1),
        ("VESTIBULE_DIALECTS__DJOSER__SECRET", SECRETS[2].1),
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__ACCEPT_LEGACY_TOKENS", accepts),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__ACCEPT_LEGACY_TOKENS", accepts),
        ("VESTIBULE_DIALECTS__DJOSER__ACCEPT_LEGACY_TOKENS", accepts),
    ])
}

/// Accounts that are older than the secrets are known here.
pub(super) async fn moved(app: &App, names: &[&str]) -> App {
    for name in names {
        On::Native.register(app, name).await;
    }
    app.advance(3 * HOUR);
    with_secrets("true").beside(app).await
}

/// What the old service of `on` said in a token for `name`, issued now.
pub(super) async fn claims(app: &App, on: On, kind: &str, name: &str) -> Value {
    let now = app.now().as_seconds();
    let number = app.account(name).await.number;
    // A token of `jwt_accounts` does not say when it was issued; from its end we know.
    let is_long = (on, kind) == (On::JwtAccounts, "refresh");
    let expires_at = now + if is_long { 30 * 24 * 3600 } else { 240 };
    match on {
        On::Native => unreachable!("it stands in for no other"),
        On::MailedCodes => json!({ "login": name, "exp": expires_at }),
        On::UserManagement => json!({ "username": name, "exp": expires_at }),
        On::JwtAccounts => {
            let today = Parts::of(&On::JwtAccounts.sign_in(app, name).await);
            json!({
                "user_id": number,
                "password_timestamp": today.claims["password_timestamp"],
                "exp": expires_at,
                "token_type": kind,
            })
        }
        On::Djoser => json!({
            "token_type": kind, "exp": expires_at, "iat": now, "jti": "0".repeat(32),
            "user_id": number,
        }),
    }
}

fn secret_of(on: On) -> &'static [u8] {
    if on == On::MailedCodes {
        return OF_CODES.as_bytes();
    }
    let (_, secret) = SECRETS.iter().find(|(own, _)| *own == on).expect("it has one");
    secret.as_bytes()
}

pub(super) fn signed(on: On, claims: &Value) -> String {
    sign_with(secret_of(on), OLD_HEADER, &claims.to_string())
}

pub(super) async fn old_token(app: &App, on: On, name: &str) -> String {
    signed(on, &claims(app, on, "access", name).await)
}

async fn a_token_of_the_old_service_is_taken_on_its_routes_only(app: App) {
    let app = moved(&app, &["ann"]).await;
    let who = service(&app, "gateway", &["tokens:introspect"]).await;
    for (own, _) in SECRETS {
        let token = old_token(&app, own, "ann").await;
        for _ in 0..2 {
            for on in CHANGING {
                let reply = present(&app, on, &token).await;
                if on == own {
                    assert_eq!(reply.status.as_u16(), let_in(on), "{on:?}: {}", reply.text);
                } else {
                    assert_eq!(reply.status, 401, "{on:?}: {}", reply.text);
                }
            }
        }
        assert_eq!(ask(&app, &who, &token).await, json!({ "active": false }));
        app.get("/api/v1/revocations").bearer(&token).send().await.expect(401);
        let shared = app.get("/users").bearer(&token).send().await;
        assert_eq!(shared.status == 200, own != On::Djoser, "{}", shared.text);
        // Where nobody asked for it, it is no token.
        let strict = with_secrets("false").beside(&app).await;
        assert_eq!(present(&strict, own, &token).await.status, 401);
        // It runs out when it says so.
        app.advance(Duration::from_mins(4));
        let reply = present(&app, own, &token).await;
        assert_eq!(reply.status, 401, "{own:?}: {}", reply.text);
    }
}

/// Whoever knows the secret could sign for them as well.
async fn it_never_serves_whoever_may_more_than_a_mere_user(app: App) {
    let app = moved(&app, &["ann", "zoe"]).await;
    // The last administrator would have to stay.
    let (zoe, admin) = (app.account("zoe").await.id, RoleName::new(RoleName::ADMIN));
    let granted = roles::grant(&app.services, &app.services.operator(), zoe, &admin).await;
    granted.expect("granted");
    let mut seen = Vec::new();
    for (own, _) in SECRETS {
        let token = old_token(&app, own, "ann").await;
        assert_eq!(present(&app, own, &token).await.status.as_u16(), let_in(own));
        seen.push((own, token));
    }
    let refresh = signed(On::JwtAccounts, &claims(&app, On::JwtAccounts, "refresh", "ann").await);
    let body = json!({ "refresh_token": refresh });
    let renewed = app.post("/auth/refresh", &body).send().await.expect(200).json();
    for role in [RoleName::MODERATOR, RoleName::ADMIN] {
        let id = app.account("ann").await.id;
        let operator = app.services.operator();
        roles::grant(&app.services, &operator, id, &RoleName::new(role)).await.expect("granted");
        app.advance(Duration::from_secs(2));
        for (own, token) in &seen {
            let unseen = old_token(&app, *own, "ann").await;
            for token in [token, &unseen] {
                let reply = present(&app, *own, token).await;
                assert_eq!(reply.status, 401, "{role} at {own:?}: {}", reply.text);
            }
        }
        // Nor does what came of one.
        let token = renewed["access_token"].as_str().expect("a token");
        assert_eq!(present(&app, On::JwtAccounts, token).await.status, 401);
        let body = json!({ "refresh_token": renewed["refresh_token"] });
        app.post("/auth/refresh", &body).send().await.expect(401);
        roles::revoke(&app.services, &operator, id, &RoleName::new(role)).await.expect("revoked");
    }
}

async fn it_has_one_session_however_often_it_comes(app: App) {
    let app = moved(&app, &["ann"]).await;
    let beside = app.beside().await;
    let token = old_token(&app, On::Djoser, "ann").await;
    let me = |app: &App| app.get("/api/auth/users/me/").bearer(&token);
    let replies = at_once((0..20).map(|n| me(if n % 2 == 0 { &app } else { &beside }))).await;
    assert_eq!(count(&replies, 200), 20);
    let own = On::Native.sign_in(&app, "ann").await;
    let sessions = app.get("/api/v1/users/current/sessions").bearer(&own).send().await.expect(200);
    let sessions = sessions.json();
    let sessions = sessions["sessions"].as_array().or(sessions.as_array()).expect("a list").clone();
    let adopted: Vec<&Value> =
        sessions.iter().filter(|session| session["surface"] == "djoser").collect();
    assert_eq!(adopted.len(), 1, "{sessions:?}");
    let path = format!("/api/v1/users/current/sessions/{}", adopted[0]["id"].as_str().expect("id"));
    app.delete(&path, &json!({})).bearer(&own).send().await.expect(204);
    for node in [&app, &beside] {
        me(node).send().await.expect(401);
    }

    // The dialect's own way to sign out ends one that was never seen before, too.
    let token = old_token(&app, On::UserManagement, "ann").await;
    let logout = || app.call(Method::POST, "/users/logout").bearer(&token);
    logout().send().await.expect(204);
    logout().send().await.expect(401);
    app.get("/users").bearer(&token).send().await.expect(401);
}

async fn an_old_refresh_token_is_worth_what_one_of_ours_is(app: App) {
    let app = moved(&app, &["ann"]).await;
    let access = signed(On::Djoser, &claims(&app, On::Djoser, "access", "ann").await);
    let refresh = signed(On::Djoser, &claims(&app, On::Djoser, "refresh", "ann").await);
    let renew = |token: &str| app.post("/api/auth/jwt/refresh/", &json!({ "refresh": token }));
    let verify = |token: &str| app.post("/api/auth/jwt/verify/", &json!({ "token": token }));
    renew(&access).send().await.expect(401);
    for _ in 0..2 {
        let renewed = renew(&refresh).send().await.expect(200).json();
        let renewed = renewed["access"].as_str().expect("a token");
        assert_eq!(present(&app, On::Djoser, renewed).await.status, 200);
        assert_eq!(Parts::of(renewed).claims["client_id"], "djoser");
        assert_eq!(present(&app, On::Djoser, &refresh).await.status, 401, "no access token");
        for token in [&access, &refresh] {
            verify(token).send().await.expect(200);
        }
    }
    let logout = || app.post("/api/auth/logout/", &json!({ "refresh": refresh }));
    logout().send().await.expect(200);
    logout().send().await.expect(401);
    renew(&refresh).send().await.expect(401);

    let refresh = signed(On::JwtAccounts, &claims(&app, On::JwtAccounts, "refresh", "ann").await);
    let renew = |token: &str| app.post("/auth/refresh", &json!({ "refresh_token": token }));
    let first = renew(&refresh).send().await.expect(200).json();
    let again = renew(&refresh).send().await.expect(200).json();
    assert_eq!(first["refresh_token"], again["refresh_token"], "a lost answer");
    app.advance(Duration::from_secs(11));
    renew(&refresh).send().await.expect(401);
    let successor = first["refresh_token"].as_str().expect("a token");
    renew(successor).send().await.expect(401);
}

async fn one_of_mailed_codes_is_good_for_its_own_end(app: App) {
    let app = moved(&app, &["ann"]).await;
    let taking = |accepts: &'static str| {
        App::with(&[
            ("VESTIBULE_DIALECTS__MAILED_CODES__SECRET", OF_CODES),
            ("VESTIBULE_DIALECTS__MAILED_CODES__ACCEPT_LEGACY_TOKENS", accepts),
        ])
    };
    // One that does not say when it was made may be as old as the longest life.
    app.advance(9 * HOUR);
    let strict = taking("false").beside(&app).await;
    let app = taking("true").beside(&app).await;
    let good = claims(&app, On::MailedCodes, "access", "ann").await;
    let now = app.now().as_seconds();
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signed(On::MailedCodes, &claims)
    };
    let by_another_name = json!({ "username": "ann", "exp": now + 240 });
    let refused = [
        with("login", json!("bob")),
        with("login", json!(1)),
        with("exp", json!(now)),
        with("exp", json!(now + 13 * 3600)),
        with("sid", json!("01980000-0000-7000-8000-000000000000")),
        with("token_type", json!("refresh")),
        signed(On::MailedCodes, &by_another_name),
        sign_with(SECRETS[0].1.as_bytes(), OLD_HEADER, &good.to_string()),
    ];
    for token in &refused {
        let reply = present(&app, On::MailedCodes, token).await;
        assert_eq!(reply.status, 400, "{token}: {}", reply.text);
    }
    let own = On::Native.sign_in(&app, "ann").await;
    let token = signed(On::MailedCodes, &good);
    for on in CHANGING {
        assert_eq!(present(&app, on, &token).await.status, 401, "{on:?}");
    }
    assert_eq!(present(&strict, On::MailedCodes, &token).await.status, 400);
    present(&app, On::MailedCodes, &token).await.expect(200);
    let again = present(&app, On::MailedCodes, &token).await;
    assert_eq!(again.status, 400, "once: {}", again.text);
    // It ended itself alone.
    app.get("/api/v1/users/current").bearer(&own).send().await.expect(200);
    // Whoever was renamed since is not who it names.
    let later = with("jti", json!(1));
    app.advance(Duration::from_secs(5));
    let body = json!({ "username": "anna", "current_password": super::one_account::PASSWORD });
    app.patch("/api/v1/users/current", &body).bearer(&own).send().await.expect(200);
    assert_eq!(present(&app, On::MailedCodes, &later).await.status, 400);
}

/// The same bytes in another spelling: the last letter has two bits too many (JWT-09).
fn twin(token: &str) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = token.split_at(token.len() - 1);
    let place = LETTERS.find(last).expect("base64url");
    format!("{rest}{}", &LETTERS[place + 1..place + 2])
}

/// Whoever knows the secret makes no more of it than the old service did.
#[tokio::test]
async fn what_no_old_service_made_is_no_token() {
    let app = App::on(testkit::Backend::Sqlite).await;
    let app = moved(&app, &["ann"]).await;
    // Who comes later was nobody when the token was made.
    On::Native.register(&app, "late").await;
    let now = app.now().as_seconds();
    for (own, _) in SECRETS {
        let good = claims(&app, own, "access", "ann").await;
        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            signed(own, &claims)
        };
        let without = |name: &str| {
            let mut claims = good.clone();
            claims.as_object_mut().expect("claims").shift_remove(name);
            signed(own, &claims)
        };
        let header = |header: &str| sign_with(secret_of(own), header, &good.to_string());
        let session = Parts::of(&own.sign_in(&app, "ann").await).claims["sid"].clone();
        let whole = signed(own, &good);
        let mut forged = vec![
            twin(&whole),
            format!("{whole}="),
            whole.to_lowercase(),
            header(r#"{"alg":"none","typ":"JWT"}"#),
            header(r#"{"alg":"HS512","typ":"JWT"}"#),
            header(r#"{"alg":"HS256","typ":"JWT","crit":["exp"]}"#),
            header(r#"{"alg":"HS256","typ":"JWT","jku":"https://evil.example/keys"}"#),
            header(r#"{"alg":"HS256","typ":"JWT","kid":"old"}"#),
            sign_with(b"another secret of at least 32 bytes", OLD_HEADER, &good.to_string()),
            with("sid", session),
            with("exp", json!(now)),
            with("exp", json!(now + 366 * 24 * 3600)),
            with("exp", json!(i64::MAX)),
            with("exp", json!(format!("{}", now + 240))),
            with("exp", json!(1e300)),
            without("exp"),
            with("iat", json!(now + 120)),
            with("iat", json!(now - 5 * 3600)),
            with("iat", json!("yesterday")),
            // It would have lived longer than any of ours.
            with("iat", json!(now - 3700)),
            with("nbf", json!(now + 120)),
        ];
        let late = app.account("late").await.number;
        match own {
            On::Native | On::MailedCodes => {}
            On::UserManagement => {
                forged.extend([
                    with("username", json!("late")),
                    with("username", json!(1)),
                    without("username"),
                    with("token_type", json!("refresh")),
                ]);
            }
            On::JwtAccounts => {
                forged.extend([
                    with("user_id", json!(late)),
                    with("password_timestamp", json!(now - 4 * 3600)),
                    with("password_timestamp", json!(-1)),
                    with("password_timestamp", json!("0")),
                    without("password_timestamp"),
                    without("user_id"),
                    without("token_type"),
                    with("token_type", json!("refresh")),
                ]);
            }
            On::Djoser => {
                let mut older = good.clone();
                older["user_id"] = json!(late);
                older["iat"] = json!(now - 60);
                forged.extend([
                    signed(own, &older),
                    with("user_id", json!("ann")),
                    without("user_id"),
                    without("token_type"),
                    with("token_type", json!("refresh")),
                ]);
            }
        }
        for token in &forged {
            for on in CHANGING {
                let reply = present(&app, on, token).await;
                assert_eq!(reply.status, 401, "{own:?} at {on:?}: {token}: {}", reply.text);
            }
        }
        let reply = present(&app, own, &header(r#"{"alg":"HS256","typ":"JWT","kid":"old"}"#)).await;
        assert_refused(own, &reply);
        let good = signed(own, &good);
        assert_eq!(present(&app, own, &good).await.status.as_u16(), let_in(own), "{own:?}");
        pair(&app, "/auth/login").await;
    }
}
