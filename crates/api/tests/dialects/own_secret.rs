//! Dialects that sign under a secret of their own (JWT-02, JWT-05, JWT-06, docs/decisions/0044).

use http::Method;
use serde_json::{Value, json};
use testkit::{App, AppBuilder, Reply, on_every_backend};

use super::one_account::{CHANGING, On, PASSWORD};
use crate::native::forge::{Parts, encode, sign_with};
use crate::native::tokens::{ask, revoke, service};

/// As long as they must be; none of them is anybody's.
pub(super) const SECRETS: [(On, &str); 3] = [
    (On::UserManagement, "tM6$kq2!vXz9#Rb4@Wn7&Lp1*Fh8^Jd3+Gs5=Yc0"),
    (On::JwtAccounts, "qE8-wU3.oP6_zK1:xV9~nB4/mC7|aS2;dF5?gH0"),
    (On::Djoser, "jT5_hR0.yN8-cW3:uQ6~eL1/iO9|sZ4;kX7?bM2"),
];

on_every_backend!(own_secrets =>
    jwt_06_a_token_under_a_dialects_secret_is_taken_on_its_routes_only,
    jwt_05_a_refresh_token_under_a_dialects_secret_is_refreshed_there_only,
    jwt_06_where_a_token_is_good_for_nothing_but_its_end_it_is_ended_there_only,
);

fn builder() -> AppBuilder {
    App::with(&[
        ("VESTIBULE_DIALECTS__USER_MANAGEMENT__SECRET", SECRETS[0].1),
        ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__SECRET", SECRETS[1].1),
        ("VESTIBULE_DIALECTS__DJOSER__SECRET", SECRETS[2].1),
    ])
}

async fn own_secrets(backend: testkit::Backend) -> App {
    builder().start(backend).await
}

async fn on_sqlite() -> App {
    own_secrets(testkit::Backend::Sqlite).await
}

/// Asks on a route of this surface alone.
pub(super) async fn present(app: &App, on: On, token: &str) -> Reply {
    let call = match on {
        On::Native => app.get("/api/v1/users/current"),
        On::UserManagement => app.call(Method::PUT, "/users").json(&json!({})),
        On::JwtAccounts => app.get("/users/admin"),
        On::Djoser => app.get("/api/auth/users/me/"),
        On::MailedCodes => app.post("/logout/", &json!({})),
    };
    call.bearer(token).send().await
}

/// What a mere user gets there who is let in: nothing of it says anything about the token.
pub(super) fn let_in(on: On) -> u16 {
    match on {
        On::Native | On::Djoser | On::MailedCodes => 200,
        On::UserManagement => 422,
        On::JwtAccounts => 403,
    }
}

/// In the words of the surface.
#[track_caller]
pub(super) fn assert_refused(on: On, reply: &Reply) {
    assert_eq!(reply.status, 401, "{on:?}: {}", reply.text);
    let body = reply.json();
    match on {
        On::Native => assert!(reply.text_at("/code").starts_with("token_"), "{body}"),
        On::UserManagement => {
            assert_eq!(body, json!({ "detail": "Недействительная подпись токена" }));
        }
        On::JwtAccounts => assert_eq!(body, json!({ "detail": "Invalid or expired token" })),
        On::Djoser => assert_eq!(body["code"], "token_not_valid", "{body}"),
        On::MailedCodes => unreachable!("it says so by 400"),
    }
}

async fn jwt_06_a_token_under_a_dialects_secret_is_taken_on_its_routes_only(app: App) {
    On::Native.register(&app, "ann").await;
    let who = service(&app, "gateway", &["tokens:introspect", "tokens:revoke"]).await;
    for (own, _) in SECRETS {
        let token = own.sign_in(&app, "ann").await;
        // Twice: what one surface remembers of a token is nothing that another may go by.
        for _ in 0..2 {
            for on in CHANGING {
                let reply = present(&app, on, &token).await;
                if on == own {
                    assert_eq!(reply.status.as_u16(), let_in(on), "{on:?}: {}", reply.text);
                } else {
                    assert_refused(on, &reply);
                }
            }
        }
        for path in [
            "/api/v1/admin/users",
            "/api/v1/users/current/sessions",
            "/api/v1/revocations",
            "/api/v1/events",
        ] {
            app.get(path).bearer(&token).send().await.expect(401);
        }
        assert_eq!(ask(&app, &who, &token).await, json!({ "active": false }));
        revoke(&app, &who, &token).await.expect(200);
        app.post("/api/v1/auth/logout", &json!({})).bearer(&token).send().await.expect(204);
        let after = present(&app, own, &token).await;
        assert_eq!(after.status.as_u16(), let_in(own), "only its own routes end it");
        // What two dialects share is a route of both.
        let shared = app.get("/users").bearer(&token).send().await;
        assert_eq!(shared.status == 200, own != On::Djoser, "{}", shared.text);
    }
    // The deployment's key is taken everywhere, as before.
    let token = On::Native.sign_in(&app, "ann").await;
    for on in CHANGING {
        assert_eq!(present(&app, on, &token).await.status.as_u16(), let_in(on), "{on:?}");
    }
}

/// `mailed_codes` shows no account: its token is for others to verify.
async fn jwt_06_where_a_token_is_good_for_nothing_but_its_end_it_is_ended_there_only(app: App) {
    let secret = "kB9%vN3@xZ7*mL1!qW5^eR2&tY8(uI6)oP4_aS0+";
    let app = App::with(&[("VESTIBULE_DIALECTS__MAILED_CODES__SECRET", secret)]).beside(&app).await;
    On::MailedCodes.register(&app, "AnnSmith1").await;
    let token = On::MailedCodes.sign_in(&app, "AnnSmith1").await;
    let parts = Parts::of(&token);
    assert_eq!(parts.header["alg"], "HS256");
    assert_eq!(parts.claims["login"], "AnnSmith1");
    for on in CHANGING {
        assert_refused(on, &present(&app, on, &token).await);
    }
    let foreign = On::Djoser.sign_in(&app, "AnnSmith1").await;
    present(&app, On::MailedCodes, &foreign).await.expect(200);
    present(&app, On::MailedCodes, &token).await.expect(200);
    present(&app, On::MailedCodes, &token).await.expect(400);
}

pub(super) async fn pair(app: &App, path: &str) -> Value {
    let body = json!({ "username": "ann", "password": PASSWORD });
    app.post(path, &body).send().await.expect(200).json()
}

async fn jwt_05_a_refresh_token_under_a_dialects_secret_is_refreshed_there_only(app: App) {
    On::Native.register(&app, "ann").await;
    let who = service(&app, "gateway", &["tokens:introspect", "tokens:revoke"]).await;
    let djoser = pair(&app, "/api/auth/jwt/create/").await["refresh"].clone();
    let accounts = pair(&app, "/auth/login").await["refresh_token"].clone();
    for (path, name, own, foreign) in [
        ("/api/auth/jwt/refresh/", "refresh", &djoser, &accounts),
        ("/api/auth/jwt/verify/", "token", &djoser, &accounts),
        ("/auth/refresh", "refresh_token", &accounts, &djoser),
    ] {
        app.post(path, &json!({ name: foreign })).send().await.expect(401);
        app.post("/api/v1/auth/refresh", &json!({ "refresh_token": own })).send().await.expect(401);
        let token = own.as_str().expect("a token");
        assert_eq!(ask(&app, &who, token).await, json!({ "active": false }));
        revoke(&app, &who, token).await.expect(200);
        for on in CHANGING {
            assert_eq!(present(&app, on, token).await.status, 401, "{on:?}: no access token");
        }
        app.post(path, &json!({ name: own })).send().await.expect(200);
    }
}

#[tokio::test]
async fn the_claims_stand_as_in_the_original_and_name_no_audience() {
    let app = on_sqlite().await;
    On::Native.register(&app, "ann").await;
    let firsts: [(On, &[&str]); 3] = [
        (On::UserManagement, &["username", "exp"]),
        (On::JwtAccounts, &["user_id", "password_timestamp", "exp", "token_type"]),
        (On::Djoser, &["token_type", "exp", "iat", "jti", "user_id"]),
    ];
    let published = app.get("/.well-known/jwks.json").send().await.expect(200);
    for ((own, first), (_, secret)) in firsts.into_iter().zip(SECRETS) {
        let token = own.sign_in(&app, "ann").await;
        let parts = Parts::of(&token);
        let names: Vec<&String> = parts.claims.as_object().expect("claims").keys().collect();
        assert_eq!(names[..first.len()], *first, "{own:?}");
        assert_eq!(parts.claims.get("aud"), None, "{own:?}: the old verifiers refuse it");
        assert_eq!(parts.header["alg"], "HS256");
        let issuer = parts.claims["iss"].as_str().expect("an issuer");
        assert!(issuer.starts_with("http://127.0.0.1:8000/"), "of its own: {issuer}");
        // JWT-13: nobody learns a shared secret from us.
        let kid = parts.header["kid"].as_str().expect("a kid");
        assert!(!published.text.contains(kid) && !published.text.contains("oct"));
        let again =
            sign_with(secret.as_bytes(), &parts.header.to_string(), &parts.claims.to_string());
        assert_eq!(again, token, "the text of the secret is the key");
    }
    let native = Parts::of(&On::Native.sign_in(&app, "ann").await);
    assert_eq!(native.claims["aud"], "vestibule");
    assert_ne!(native.header["alg"], "HS256");
}

/// JWT-01 to JWT-06: whoever knows one secret gets no further than its dialect, and there not without
/// a session that was opened on it.
#[tokio::test]
async fn who_knows_a_secret_is_nobody_elsewhere() {
    let app = on_sqlite().await;
    On::Native.register(&app, "ann").await;
    let mut tokens = Vec::new();
    for on in CHANGING {
        tokens.push((on, On::sign_in(on, &app, "ann").await));
    }
    for (own, secret) in SECRETS {
        let (_, good) = tokens.iter().find(|(on, _)| *on == own).expect("signed in there");
        let good = Parts::of(good);
        let forge = |header: &Value, claims: &Value| {
            sign_with(secret.as_bytes(), &header.to_string(), &claims.to_string())
        };
        let with_claim = |name: &str, value: Value| {
            let mut claims = good.claims.clone();
            claims[name] = value;
            forge(&good.header, &claims)
        };
        let with_header = |name: &str, value: Value| {
            let mut header = good.header.clone();
            header[name] = value;
            forge(&header, &good.claims)
        };
        let mut none = good.header.clone();
        none["alg"] = json!("none");
        let message = format!("{}.{}", encode(&none.to_string()), encode(&good.claims.to_string()));
        let mut forged = vec![
            format!("{message}."),
            format!("{message}.{}", good.signature),
            with_header("alg", json!("HS384")),
            with_header("alg", json!("EdDSA")),
            with_header("typ", json!("rt+jwt")),
            with_header("typ", json!("JWT")),
            with_header("kid", json!("01980000-0000-7000-8000-000000000000")),
            with_header("kid", json!("../../dev/null")),
            with_header("jwk", json!({ "kty": "oct", "k": "AA" })),
            with_header("crit", json!(["exp"])),
            with_claim("aud", json!("vestibule")),
            with_claim("aud", json!(["vestibule"])),
            with_claim("aud", json!("")),
            with_claim("iss", json!("http://127.0.0.1:8000")),
            with_claim("iss", json!(format!("{}/", good.claims["iss"].as_str().expect("text")))),
            with_claim("token_type", json!("refresh")),
            with_claim("sid", json!("01980000-0000-7000-8000-000000000000")),
            with_claim("sub", json!("01980000-0000-7000-8000-000000000000")),
            with_claim("exp", json!(good.claims["iat"])),
            with_claim("ver", json!(7)),
            with_claim("ver", json!(null)),
        ];
        let mut without_kid = good.header.clone();
        without_kid.as_object_mut().expect("a header").shift_remove("kid");
        forged.push(forge(&without_kid, &good.claims));
        for (_, other) in tokens.iter().filter(|(on, _)| *on != own) {
            let other = Parts::of(other);
            // Another's key, another's claims, another's session.
            forged.push(with_header("kid", other.header["kid"].clone()));
            forged.push(forge(&other.header, &other.claims));
            forged.push(forge(&good.header, &other.claims));
            forged.push(with_claim("sid", other.claims["sid"].clone()));
            let mut header = other.header.clone();
            header["alg"] = json!("HS256");
            forged.push(forge(&header, &other.claims));
        }
        for token in &forged {
            for on in CHANGING {
                let reply = present(&app, on, token).await;
                assert_eq!(reply.status, 401, "{own:?} at {on:?}: {token}: {}", reply.text);
            }
        }
        let again = forge(&good.header, &good.claims);
        assert_eq!(present(&app, own, &again).await.status.as_u16(), let_in(own), "{own:?}");
    }
}
