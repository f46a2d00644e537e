//! Access tokens that we did not make, or did not mean so (JWT-01 to JWT-09, JWT-15).

use std::time::{Duration, Instant};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::Method;
use serde_json::{Value, json};
use testkit::{App, access_token, on_every_backend};

use super::forge::{Parts, encode, hs256, sign, sign_with};
use super::support::{CURRENT, LOGOUT, any, any_with, assert_problem, standing};

on_every_backend!(App::on => an_ended_session_has_no_twin);

/// Refused everywhere a token is taken, on every surface, always as 401.
async fn assert_refused(app: &App, token: &str) {
    assert_refused_here(app, token).await;
    for path in ["/users", "/api/auth/users/me/", "/api/v1/users/current/sessions"] {
        let reply = app.get(path).bearer(token).send().await;
        assert_eq!(reply.status, 401, "{path}: {token}: {}", reply.text);
    }
    // What fits into no body never comes so far.
    if token.len() > 32 * 1024 {
        return;
    }
    for (path, field) in [
        ("/api/v1/auth/refresh", "refresh_token"),
        ("/auth/refresh", "refresh_token"),
        ("/api/auth/jwt/refresh/", "refresh"),
        ("/api/auth/jwt/verify/", "token"),
    ] {
        let reply = app.post(path, &json!({ field: token })).send().await;
        assert_eq!(reply.status, 401, "{path}: {token}: {}", reply.text);
    }
}

/// The same, where there are too many tokens to carry them everywhere.
async fn assert_refused_here(app: &App, token: &str) {
    let reply = app.get(CURRENT).bearer(token).send().await;
    assert_eq!(reply.status, 401, "{token}: {}", reply.text);
    let code = reply.text_at("/code");
    assert!(code.starts_with("token_"), "{code}");
    assert_problem(&reply, 401, &code);
    let challenge = reply.header("www-authenticate").expect("a challenge");
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
}

/// JWT-01
#[tokio::test]
async fn every_flipped_byte_is_noticed() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    for (place, byte) in token.bytes().enumerate() {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if byte == b'A' { b'B' } else { b'A' };
        assert_refused_here(&app, &String::from_utf8(bytes).expect("ASCII")).await;
    }
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    for end in 0..signature.len() {
        assert_refused_here(&app, &format!("{message}.{}", &signature[..end])).await;
    }
    for wrong in [
        message.to_owned(),
        format!("{token}."),
        format!("{token}.x"),
        format!(".{token}"),
        format!("{token}="),
        format!("{message}..{signature}"),
        format!("{token},{token}"),
        "..".to_owned(),
        "a.b.c".to_owned(),
    ] {
        assert_refused_here(&app, &wrong).await;
    }
    assert_eq!(standing(&app, &token).await, 200);
}

/// JWT-02
#[tokio::test]
async fn the_token_does_not_choose_its_algorithm() {
    for app in [any().await, hs256().await] {
        let token = app.newcomer("ann").await;
        let parts = Parts::of(&token);
        for algorithm in
            ["none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS256", "ES256", "PS256"]
        {
            if parts.header["alg"] == algorithm {
                continue;
            }
            let mut header = parts.header.clone();
            header["alg"] = json!(algorithm);
            let claims = parts.claims.to_string();
            let message = format!("{}.{}", encode(&header.to_string()), encode(&claims));
            for signature in ["", &parts.signature, &BASE64URL_NOPAD.encode(&[0; 64])] {
                assert_refused(&app, &format!("{message}.{signature}")).await;
            }
        }
    }
}

/// JWT-02: the public key is no secret to sign with.
#[tokio::test]
async fn the_public_key_signs_nothing() {
    for (algorithm, prefix) in [
        ("EdDSA", &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..]),
        (
            "ES256",
            &[
                0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
            ],
        ),
    ] {
        let app = any_with(&[("VESTIBULE_TOKENS__ALGORITHM", algorithm)]).await;
        let token = app.newcomer("ann").await;
        let jwks = app.get("/.well-known/jwks.json").send().await.expect(200);
        let jwk = jwks.json()["keys"][0].clone();
        let coordinate = |name: &str| {
            let text = jwk[name].as_str().unwrap_or_default();
            BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64url")
        };
        let raw = [coordinate("x"), coordinate("y")].concat();
        let der = [prefix, &raw].concat();
        let body = BASE64.encode(&der);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----");
        let parts = Parts::of(&token);
        for algorithm in ["HS256", algorithm] {
            let mut header = parts.header.clone();
            header["alg"] = json!(algorithm);
            let (header, claims) = (header.to_string(), parts.claims.to_string());
            let secrets = [
                raw.clone(),
                der.clone(),
                body.clone().into_bytes(),
                pem.clone().into_bytes(),
                format!("{pem}\n").into_bytes(),
                jwk.to_string().into_bytes(),
                jwks.text.clone().into_bytes(),
                jwk["x"].as_str().unwrap_or_default().as_bytes().to_vec(),
                Vec::new(),
            ];
            for secret in secrets {
                assert_refused(&app, &sign_with(&secret, &header, &claims)).await;
            }
        }
        assert_eq!(standing(&app, &token).await, 200);
    }
}

/// JWT-03, JWT-08: nothing is fetched, found or believed because a header says so.
#[tokio::test]
async fn a_header_says_what_it_must_and_nothing_else() {
    let app = hs256().await;
    let token = app.newcomer("ann").await;
    let parts = Parts::of(&token);
    assert_eq!(standing(&app, &parts.signed()).await, 200, "we know how to sign");
    for (name, value) in [
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("jku", json!("http://127.0.0.1:9/jwks.json")),
        ("x5u", json!("http://127.0.0.1:9/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("kid", json!("../../dev/null")),
        ("kid", json!("' OR 1=1 --")),
        ("kid", json!("00000000-0000-7000-8000-000000000000")),
        ("kid", json!("x".repeat(65_536))),
        ("kid", json!(1)),
        ("kid", json!(null)),
        ("kid", json!([parts.header["kid"]])),
        ("typ", json!("JWT")),
        ("typ", json!("rt+jwt")),
        ("typ", json!("at+JWT ")),
        ("typ", json!(null)),
        ("alg", json!(["HS256"])),
        ("alg", json!("hs256")),
    ] {
        let mut header = parts.header.clone();
        header[name] = value;
        assert_refused(&app, &sign(&header.to_string(), &parts.claims.to_string())).await;
    }
    for name in ["alg", "typ", "kid"] {
        let mut header = parts.header.clone();
        header.as_object_mut().expect("a header").remove(name);
        assert_refused(&app, &sign(&header.to_string(), &parts.claims.to_string())).await;
    }
    let claims = parts.claims.to_string();
    let twice = parts.header.to_string().replacen('{', "{\"alg\":\"none\",", 1);
    for header in [&twice, "", "{", "[]", "null", "\"x\"", "{}"] {
        assert_refused(&app, &sign(header, &claims)).await;
    }
}

/// JWT-04
#[tokio::test]
async fn times_are_there_and_are_whole_numbers() {
    let app = hs256().await;
    let token = app.newcomer("ann").await;
    let parts = Parts::of(&token);
    let now = parts.claims["iat"].as_i64().expect("a time");
    for name in ["exp", "iat", "nbf"] {
        for value in [
            json!("9999999999"),
            json!(1e300),
            json!(1_900_000_000.5),
            json!(null),
            json!([now + 600]),
            json!({}),
            json!(true),
            json!(u64::MAX),
        ] {
            let mut forged = Parts::of(&token);
            forged.claims[name] = value;
            assert_refused(&app, &forged.signed()).await;
        }
    }
    for (name, value) in [
        ("exp", now),
        ("exp", now - 1),
        ("exp", 0),
        ("exp", -1),
        ("exp", i64::MIN),
        ("nbf", now + 61),
        ("iat", now + 61),
        ("nbf", i64::MAX),
        ("iat", i64::MAX),
    ] {
        let mut forged = Parts::of(&token);
        forged.claims[name] = json!(value);
        assert_refused(&app, &forged.signed()).await;
    }
    app.advance(Duration::from_secs(599));
    assert_eq!(standing(&app, &token).await, 200);
    app.advance(Duration::from_secs(1));
    let reply = app.get(CURRENT).bearer(&token).send().await;
    assert_problem(&reply, 401, "token_expired");
}

/// JWT-04, JWT-06, JWT-05
#[tokio::test]
async fn every_claim_is_there_and_is_ours() {
    let app = hs256().await;
    let token = app.newcomer("ann").await;
    let claims = Parts::of(&token).claims;
    let names: Vec<String> = claims.as_object().expect("claims").keys().cloned().collect();
    for name in &names {
        let mut forged = Parts::of(&token);
        forged.claims.as_object_mut().expect("claims").remove(name);
        assert_refused(&app, &forged.signed()).await;
    }
    let issuer = claims["iss"].as_str().expect("an issuer").to_owned();
    let audience = claims["aud"].as_str().expect("an audience").to_owned();
    for (name, value) in [
        ("iss", json!(format!("{issuer}/"))),
        ("iss", json!(issuer.to_uppercase())),
        ("iss", json!([issuer])),
        ("iss", json!("")),
        ("iss", json!("https://evil.example")),
        ("aud", json!("other")),
        ("aud", json!([audience, "other"])),
        ("aud", json!([audience])),
        ("aud", json!(format!("{audience} "))),
        ("aud", json!("")),
        ("token_type", json!("refresh")),
        ("token_type", json!("")),
        ("token_type", json!(["access"])),
        ("sub", json!("ann")),
        ("sub", json!(1)),
        ("sub", json!("00000000-0000-7000-8000-000000000000")),
        ("sid", json!("00000000-0000-7000-8000-000000000000")),
        ("sid", json!(null)),
    ] {
        let mut forged = Parts::of(&token);
        forged.claims[name] = value.clone();
        let reply = app.get(CURRENT).bearer(&forged.signed()).send().await;
        assert_eq!(reply.status, 401, "{name}: {value}");
    }
    let header = Parts::of(&token).header.to_string();
    for name in &names {
        let twice = format!("{{\"{name}\":{},{}", claims[name.as_str()], &claims.to_string()[1..]);
        assert_refused(&app, &sign(&header, &twice)).await;
    }
    for payload in ["", "{", "[]", "null", "{}", "\u{feff}{}"] {
        assert_refused(&app, &sign(&header, payload)).await;
    }
}

/// AUZ-02: a session vouches only for its own user.
#[tokio::test]
async fn nobody_borrows_the_session_of_another() {
    let app = hs256().await;
    let (ann, bob) = (app.newcomer("ann").await, app.newcomer("bob").await);
    let mut forged = Parts::of(&ann);
    forged.claims["sub"] = Parts::of(&bob).claims["sub"].clone();
    assert_refused(&app, &forged.signed()).await;
}

/// JWT-08
#[tokio::test]
async fn long_tokens_are_refused_cheaply() {
    let app = hs256().await;
    let token = app.newcomer("ann").await;
    let mut long = Parts::of(&token);
    long.claims["padding"] = json!("x".repeat(8 * 1024));
    assert_refused_here(&app, &long.signed()).await;
    let started = Instant::now();
    for token in ["..", "x", &format!("{token}A")] {
        assert_refused_here(&app, token).await;
    }
    let short = started.elapsed().max(Duration::from_millis(1));
    let started = Instant::now();
    for token in
        [".".repeat(1_000_000), "x".repeat(1_000_000), format!("{token}{}", "A".repeat(9000))]
    {
        assert_refused_here(&app, &token).await;
    }
    // A megabyte has to be read, and nothing more is done with it.
    assert!(started.elapsed() < short * 500, "{:?}, and {short:?}", started.elapsed());
}

/// JWT-09: what ended is the session, not one spelling of its token.
async fn an_ended_session_has_no_twin(app: App) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let token = app.newcomer("ann").await;
    let last = *token.as_bytes().last().expect("a byte");
    let index = ALPHABET.iter().position(|byte| *byte == last).expect("base64url");
    let twins: Vec<String> = (1..4)
        .map(|bits| {
            let byte = ALPHABET[(index & !3) | ((index + bits) & 3)];
            format!("{}{}", &token[..token.len() - 1], char::from(byte))
        })
        .collect();
    app.call(Method::POST, LOGOUT).bearer(&token).send().await.expect(204);
    for twin in twins.iter().chain([&token, &format!("{token}=")]) {
        assert_refused(&app, twin).await;
    }
}

/// JWT-09: an ECDSA signature (r, s) has the twin (r, n − s).
#[tokio::test]
async fn the_mirrored_signature_names_the_same_session() {
    let app = any_with(&[("VESTIBULE_TOKENS__ALGORITHM", "ES256")]).await;
    let token = app.newcomer("ann").await;
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64url");
    let mirrored = [&bytes[..32], &order_minus(&bytes[32..])].concat();
    let twin = format!("{message}.{}", BASE64URL_NOPAD.encode(&mirrored));
    app.call(Method::POST, LOGOUT).bearer(&token).send().await.expect(204);
    for token in [&token, &twin, &format!("{message}.{}", BASE64URL_NOPAD.encode(&[0; 64]))] {
        assert_refused(&app, token).await;
    }
}

/// The order of P-256 minus a scalar, both big-endian.
fn order_minus(scalar: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let mut borrow = false;
    let mut difference: Vec<u8> = ORDER
        .iter()
        .zip(scalar)
        .rev()
        .map(|(order, byte)| {
            let (first, one) = order.overflowing_sub(*byte);
            let (second, two) = first.overflowing_sub(u8::from(borrow));
            borrow = one || two;
            second
        })
        .collect();
    difference.reverse();
    difference
}

/// JWT-15
#[tokio::test]
async fn a_token_comes_in_the_header_or_the_cookie() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    let with = |value: &str| app.get(CURRENT).header("authorization", value);
    with(&format!("bearer {token}")).send().await.expect(200);
    with(&format!("BEARER  {token}")).send().await.expect(200);
    for value in ["Bearer", "Bearer ", "Basic YW5uOng=", "Token x", "x", &token] {
        assert_problem(&with(value).send().await, 401, "token_malformed");
    }
    let query = format!("{CURRENT}?access_token={token}");
    let reply = app.get(&query).send().await;
    assert_problem(&reply, 401, "token_missing");
    let challenge = reply.header("www-authenticate").expect("a challenge");
    assert!(!challenge.contains("error="), "{challenge}");
    let reply = app.get(&query).bearer(&token).send().await;
    assert_problem(&reply, 400, "invalid_request");
    assert!(!reply.text.contains(&token));
}

/// What the signed-out half of a pair says about the other: nothing works by halves.
#[tokio::test]
async fn a_token_of_another_deployment_is_nothing_here() {
    let (ours, theirs) = (any().await, any_with(&[("VESTIBULE_TOKENS__AUDIENCE", "x")]).await);
    ours.register("ann").await;
    theirs.register("ann").await;
    let pair: Value = theirs.sign_in("ann").await;
    assert_refused(&ours, &access_token(&pair)).await;
    let refreshing = testkit::refresh_token(&pair);
    super::support::refresh(&ours, &refreshing).await.expect(401);
}
