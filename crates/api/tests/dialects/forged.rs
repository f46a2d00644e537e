//! Refresh tokens that are JWTs and that we did not mean so (JWT-02…06, JWT-09, JWT-10).

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use testkit::App;

use crate::native::forge::{Parts, encode, hs256};

const PASSWORD: &str = "examplePassword";

/// Where each surface takes its refresh tokens, and under which name.
const ROUTES: [(&str, &str, &str, &str); 2] = [
    ("/auth/login", "refresh_token", "/auth/refresh", "refresh_token"),
    ("/api/auth/jwt/create/", "refresh", "/api/auth/jwt/refresh/", "refresh"),
];

async fn sign_in(app: &App, path: &str, field: &str) -> String {
    let body = json!({ "username": "ann", "password": PASSWORD });
    let pair = app.post(path, &body).send().await.expect(200).json();
    pair[field].as_str().expect("a refresh token").to_owned()
}

/// Each with one thing wrong, under a signature that fits where we can make one.
fn forgeries(token: &str) -> Vec<String> {
    let with_claim = |name: &str, value: Value| {
        let mut parts = Parts::of(token);
        parts.claims[name] = value;
        parts.signed()
    };
    let with_header = |name: &str, value: Value| {
        let mut parts = Parts::of(token);
        parts.header[name] = value;
        parts.signed()
    };
    let without = |name: &str| {
        let mut parts = Parts::of(token);
        parts.claims.as_object_mut().expect("claims").remove(name);
        parts.signed()
    };
    let parts = Parts::of(token);
    let mut none = parts.header.clone();
    none["alg"] = json!("none");
    let claims = encode(&parts.claims.to_string());
    let mut forged = vec![
        format!("{}.{claims}.", encode(&none.to_string())),
        format!("{}.{claims}.{}", encode(&none.to_string()), parts.signature),
        with_header("typ", json!("at+jwt")),
        with_header("typ", json!("JWT")),
        with_header("alg", json!("HS512")),
        with_header("kid", json!("../../dev/null")),
        with_header("jku", json!("https://evil.example/keys")),
        with_header("jwk", json!({ "kty": "oct", "k": "AA" })),
        with_header("crit", json!(["exp"])),
        without("exp"),
        without("gen"),
        without("sid"),
        without("aud"),
        with_claim("iss", json!("http://127.0.0.1:8000/")),
        with_claim("aud", json!(["vestibule", "another"])),
        with_claim("sid", json!("01980000-0000-7000-8000-000000000000")),
    ];
    let expires_at = parts.claims["exp"].as_i64().expect("a time");
    for wrong in [json!(expires_at.to_string()), json!(1e300), json!(-1), json!(null), json!([1])] {
        forged.push(with_claim("exp", wrong));
    }
    // Whole numbers that we never said are none, either.
    for wrong in [json!(-1), json!(i64::MIN), json!(1), json!(i64::MAX), json!(u64::MAX)] {
        forged.push(with_claim("gen", wrong));
    }
    for wrong in [json!("0"), json!(0.5), json!(null), json!([0]), json!(true), json!({})] {
        forged.push(with_claim("gen", wrong));
    }
    // JWT-10: compared in full.
    let halved = (1..20).map(|less| token[..token.len() - less].to_owned());
    forged.extend(halved.chain([format!("{token}x"), token.to_lowercase(), token.to_uppercase()]));
    forged
}

#[tokio::test]
async fn a_refresh_token_says_what_we_said_and_nothing_else() {
    let app = hs256().await;
    let body = json!({ "username": "ann", "password": PASSWORD, "email": "ann@example.org" });
    app.post("/users", &body).send().await.expect(201);
    for (login, field, refresh, name) in ROUTES {
        let token = sign_in(&app, login, field).await;
        let before = app.database.dump().await;
        for forged in forgeries(&token) {
            let reply = app.post(refresh, &json!({ name: forged })).send().await;
            assert_eq!(reply.status, 401, "{refresh}: {forged}: {}", reply.text);
            app.get("/users").bearer(&forged).send().await.expect(401);
        }
        let after = app.database.dump().await;
        for table in ["sessions", "events"] {
            let [before, after] = [&before, &after].map(|dump| format!("{:?}", dump.rows(table)));
            assert_eq!(before, after, "nothing is written");
        }
        app.post(refresh, &json!({ name: token })).send().await.expect(200);
    }
}

/// JWT-09: another spelling of a token whose session is over is as dead as the token.
#[tokio::test]
async fn a_refresh_token_that_signed_out_has_no_twin() {
    let app = hs256().await;
    let body = json!({ "username": "ann", "password": PASSWORD, "email": "ann@example.org" });
    app.post("/users", &body).send().await.expect(201);
    for (login, field, refresh, name) in ROUTES {
        let token = sign_in(&app, login, field).await;
        let body = json!({ "refresh_token": token });
        app.post("/api/v1/auth/logout", &body).send().await.expect(204);
        let (message, signature) = token.rsplit_once('.').expect("three parts");
        let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64url");
        // Other words for the same: reordered claims under a signature that fits.
        let mut parts = Parts::of(&token);
        let reversed: serde_json::Map<String, Value> = {
            let claims = parts.claims.as_object().expect("claims").clone();
            claims.into_iter().rev().collect()
        };
        parts.claims = Value::Object(reversed);
        let padded = format!("{message}.{}", data_encoding::BASE64URL.encode(&bytes));
        for twin in [token.clone(), padded, format!("{token}="), parts.signed()] {
            let reply = app.post(refresh, &json!({ name: twin })).send().await;
            assert_eq!(reply.status, 401, "{refresh}: {twin}: {}", reply.text);
        }
    }
}
