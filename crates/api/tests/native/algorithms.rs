//! How access tokens are signed, and that anybody can check it (JWT-02, JWT-12).

use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use testkit::{App, access_token, on_every_backend, refresh_token};

use super::support::{any_with, refresh, standing};

const JWKS: &str = "/.well-known/jwks.json";

on_every_backend!(App::on => a_new_algorithm_keeps_old_tokens);

/// As a resource server does, which knows nothing of our code.
fn verify(jwks: &str, token: &str) -> Value {
    let set: JwkSet = serde_json::from_str(jwks).expect("a key set");
    let header = decode_header(token).expect("a header");
    let jwk = set.find(header.kid.as_deref().expect("a kid")).expect("the key is published");
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&["vestibule"]);
    validation.set_issuer(&["http://127.0.0.1:8000"]);
    // The tests' clock stands still.
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(jwk).expect("a key");
    decode(token, &key, &validation).expect("the signature fits").claims
}

#[tokio::test]
async fn anybody_verifies_a_token_by_the_published_keys() {
    for algorithm in ["EdDSA", "ES256", "RS256"] {
        let app = any_with(&[("VESTIBULE_TOKENS__ALGORITHM", algorithm)]).await;
        let token = app.newcomer("ann").await;
        assert_eq!(standing(&app, &token).await, 200);
        let reply = app.get(JWKS).send().await.expect(200);
        assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
        let claims = verify(&reply.text, &token);
        assert_eq!(claims["sub"], app.account("ann").await.id.to_string());
        let keys = reply.json()["keys"].as_array().expect("keys").clone();
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0]["alg"], algorithm);
        assert_eq!(keys[0]["use"], "sig");
        for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert_eq!(keys[0].get(private), None, "{algorithm}: {private}");
        }
        if algorithm == "RS256" {
            let modulus = keys[0]["n"].as_str().expect("a modulus");
            assert!(modulus.len() * 6 / 8 >= 3072 / 8, "JWT-13");
        }
    }
}

#[tokio::test]
async fn a_shared_secret_is_not_published() {
    let app = super::forge::hs256().await;
    let token = app.newcomer("ann").await;
    assert_eq!(standing(&app, &token).await, 200);
    let reply = app.get(JWKS).send().await.expect(200);
    assert_eq!(reply.json(), json!({ "keys": [] }));
}

/// JWT-12: tokens live on when the algorithm changes, and when it changes back.
async fn a_new_algorithm_keeps_old_tokens(app: App) {
    app.register("ann").await;
    let first = app.sign_in("ann").await;
    let changed = App::with(&[("VESTIBULE_TOKENS__ALGORITHM", "ES256")]).beside(&app).await;
    assert_eq!(standing(&changed, &access_token(&first)).await, 200);
    let second = changed.sign_in("ann").await;
    let alg = |pair: &Value| decode_header(access_token(pair)).expect("a header").alg;
    assert_ne!(alg(&first), alg(&second));
    let refreshed = refresh(&changed, &refresh_token(&first)).await.expect(200).json();
    assert_eq!(alg(&refreshed), alg(&second));

    let jwks = changed.get(JWKS).send().await.expect(200).text;
    for pair in [&first, &second] {
        verify(&jwks, &access_token(pair));
    }
    let back = app.beside().await;
    for pair in [&first, &second, &refreshed] {
        assert_eq!(standing(&back, &access_token(pair)).await, 200);
    }
    assert_eq!(alg(&back.sign_in("ann").await), alg(&first));
    assert_eq!(app.database.count("signing_keys").await, 4, "three to sign, one for refreshing");
    // What was replaced is accepted no longer than anything that it signed can live.
    // The refresh tokens of `jwt_accounts` are signed, and live for thirty days.
    back.advance(Duration::from_hours(30 * 24 + 2));
    let keys = back.get(JWKS).send().await.expect(200).json();
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(1), "{keys}");
}
