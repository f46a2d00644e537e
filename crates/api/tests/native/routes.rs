//! Which paths and methods there are (API-03, AUZ-01, LGN-06).

use http::Method;
use serde_json::{Value, json};
use testkit::{App, PASSWORD, access_token};

use super::services::{SERVICES, administrator};
use super::support::{CURRENT, LOGIN, REGISTER, any, assert_problem};

/// Who needs no access token. This list may only shrink: whatever is added is guarded, unless it is
/// for those who cannot sign in yet, or not any more.
const OPEN: [(&str, &str); 15] = [
    ("post", "/api/v1/setup"),
    ("post", "/api/v1/auth/register"),
    ("post", "/api/v1/auth/login"),
    ("post", "/api/v1/auth/refresh"),
    ("post", "/api/v1/auth/logout"),
    ("post", "/api/v1/users/restore"),
    ("post", "/api/v1/users/take-back"),
    ("post", "/api/v1/auth/recover"),
    ("post", "/api/v1/auth/recover/verify"),
    ("post", "/api/v1/auth/recover/password"),
    ("post", "/api/v1/auth/verify/email"),
    ("post", "/api/v1/auth/verify/email/send"),
    ("post", "/api/v1/auth/verify/phone"),
    ("post", "/api/v1/auth/verify/phone/send"),
    ("get", "/.well-known/jwks.json"),
];

/// Who needs the credentials of a service instead: see `tokens`.
const BASIC: [(&str, &str); 4] = [
    ("post", "/api/v1/tokens/introspect"),
    ("post", "/api/v1/tokens/revoke"),
    ("get", "/api/v1/revocations"),
    ("get", "/api/v1/events"),
];

/// Every path and method of the document.
async fn operations(app: &App) -> Vec<(String, String)> {
    let document = app.get("/openapi.json").send().await.expect(200).json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let methods =
        |item: &Value| item.as_object().expect("methods").keys().cloned().collect::<Vec<_>>();
    paths
        .iter()
        .flat_map(|(path, item)| methods(item).into_iter().map(|method| (method, path.clone())))
        .collect()
}

fn method(name: &str) -> Method {
    name.to_uppercase().parse().expect("a method")
}

/// AUZ-01: deny by default.
#[tokio::test]
async fn every_operation_that_is_not_open_asks_for_a_token() {
    let app = any().await;
    let pair = {
        app.register("ann").await;
        app.sign_in("ann").await
    };
    let token = access_token(&pair);
    let foreign = super::support::any_with(&[("VESTIBULE_TOKENS__AUDIENCE", "x")]).await;
    let foreign = foreign.newcomer("ann").await;
    app.advance(std::time::Duration::from_mins(10));
    let operations = operations(&app).await;
    let mut guarded = 0;
    for (name, path) in &operations {
        if OPEN.contains(&(name.as_str(), path.as_str())) {
            continue;
        }
        guarded += 1;
        if BASIC.contains(&(name.as_str(), path.as_str())) {
            let call = || app.call(method(name), path).body("nonsense");
            assert_problem(&call().send().await, 401, "invalid_client");
            assert_problem(&call().bearer(&token).send().await, 401, "invalid_client");
            let by_cookie = call().cookie("access_token", &token).send().await;
            assert_problem(&by_cookie, 401, "invalid_client");
            continue;
        }
        let call = || app.call(method(name), path).json(&json!({ "current_password": PASSWORD }));
        assert_problem(&call().send().await, 401, "token_missing");
        let with = |value: &str| call().header("authorization", value);
        assert_problem(&with("Bearer x").send().await, 401, "token_malformed");
        assert_problem(&with("Basic YW5uOng=").send().await, 401, "token_malformed");
        assert_problem(&call().bearer(&token).send().await, 401, "token_expired");
        assert_problem(&call().cookie("access_token", &token).send().await, 401, "token_expired");
        assert_problem(&call().bearer(&foreign).send().await, 401, "token_bad_signature");
    }
    assert_eq!(guarded + OPEN.len(), operations.len(), "{operations:?}");
    for (name, path) in OPEN {
        assert!(operations.contains(&(name.into(), path.into())), "{path} is gone: shrink OPEN");
    }
    app.sign_in("ann").await;
}

/// ADM of security.md §4.4, in one place that no new operation can miss.
#[tokio::test]
async fn every_operation_of_administrators_is_limited_by_principal() {
    let app = super::support::any_with(&[("VESTIBULE_LIMITS__ADMIN", "1/min")]).await;
    let token = administrator(&app, "ann").await;
    let id = uuid::Uuid::nil().to_string();
    let operations = operations(&app).await;
    let of_administrators = operations.iter().filter(|(_, path)| path.starts_with("/api/v1/admin"));
    app.get(SERVICES).bearer(&token).send().await.expect(200);
    let mut limited = 0;
    for (name, path) in of_administrators {
        let path = path.replace("{id}", &id).replace("{session_id}", &id).replace("{role}", "x");
        let reply = app.call(method(name), &path).json(&json!({})).bearer(&token).send().await;
        assert_problem(&reply, 429, "too_many_requests");
        limited += 1;
    }
    assert!(limited >= 8, "{operations:?}");
    // It is the principal's, not the address's, and one's own account is no administration.
    app.get(CURRENT).bearer(&token).send().await.expect(200);
    let other = administrator(&app, "bob").await;
    app.get(SERVICES).bearer(&other).send().await.expect(200);
    app.advance(std::time::Duration::from_mins(1));
    app.get(SERVICES).bearer(&token).send().await.expect(200);
}

/// `OPTIONS *` and the like: no answer is empty because nobody felt responsible.
#[tokio::test]
async fn the_asterisk_is_no_path_of_ours() {
    let app = any().await;
    for name in ["GET", "OPTIONS"] {
        assert_problem(&app.call(method(name), "*").send().await, 404, "not_found");
    }
}

/// The token is looked at before the body is.
#[tokio::test]
async fn strangers_learn_nothing_about_bodies() {
    let app = any().await;
    for call in [
        app.call(Method::PATCH, CURRENT).body("{"),
        app.patch(CURRENT, &json!({ "role": 1 })),
        app.delete(CURRENT, &json!([])),
    ] {
        assert_problem(&call.send().await, 401, "token_missing");
    }
}

/// `docs/API-DESIGN.md`: both spellings, directly.
#[tokio::test]
async fn a_slash_at_the_end_makes_no_difference() {
    let app = any().await;
    let mut paths = operations(&app).await;
    paths.extend(["/livez", "/readyz"].map(|path| ("get".to_owned(), path.to_owned())));
    paths.extend(
        ["/openapi.json", "/docs", "/api/docs", "/api/redoc"]
            .map(|path| ("get".into(), path.into())),
    );
    for (name, path) in paths {
        for verb in [method(&name), Method::HEAD, Method::OPTIONS, Method::PUT] {
            let send = async |path: &str| {
                let call = app.call(verb.clone(), path).header("x-request-id", "the-same");
                call.json(&json!({})).send().await
            };
            let (bare, slashed) = (send(&path).await, send(&format!("{path}/")).await);
            assert!(!bare.status.is_redirection() && bare.status != 404, "{verb} {path}");
            assert_eq!(bare.status, slashed.status, "{verb} {path}");
            assert_eq!(bare.header("allow"), slashed.header("allow"), "{verb} {path}");
            if !bare.text.starts_with("<!") {
                assert_eq!(bare.text, slashed.text, "{verb} {path}");
            }
        }
    }
    app.get("/metrics/").send().await.expect(200);
    let body = json!({ "username": "ann", "password": PASSWORD });
    app.post(&format!("{REGISTER}/"), &body).send().await.expect(201);
    let pair = app.post(&format!("{LOGIN}/"), &body).send().await.expect(200).json();
    let call = app.get(&format!("{CURRENT}/")).bearer(&access_token(&pair));
    call.send().await.expect(200);
}

#[tokio::test]
async fn what_is_nowhere_is_not_found() {
    let app = any().await;
    for path in [
        "/nowhere",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/auth",
        "/api/v0/auth/login",
        "/api/v1/users",
        "/api/v1/users/current/x",
        "/api/v1/auth/login//",
        "//api/v1/auth/login",
        "/api/v1//auth/login",
        "/API/V1/AUTH/LOGIN",
        "/api/v1/auth/%6cogin/x",
        "/api/v1/auth/./login",
        "/api/v1/auth/../auth/login",
        "/.git/config",
        "/.env",
        "/%00",
        "/%ff",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let reply = app.call(method, path).send().await;
            assert_problem(&reply, 404, "not_found");
            assert_eq!(reply.text_at("/detail"), "Not Found");
        }
    }
}

/// API-03
#[tokio::test]
async fn other_methods_are_told_which_there_are() {
    let app = any().await;
    let operations = operations(&app).await;
    for (_, path) in &operations {
        let known: Vec<Method> = operations
            .iter()
            .filter(|(_, other)| other == path)
            .map(|(name, _)| method(name))
            .collect();
        for verb in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "BREW"] {
            let verb: Method = verb.parse().expect("a method");
            let is_known =
                known.contains(&verb) || (verb == Method::HEAD && known.contains(&Method::GET));
            if is_known {
                continue;
            }
            let reply = app.call(verb.clone(), path).send().await;
            let allow = reply.header("allow").expect("it says which").to_owned();
            for method in &known {
                assert!(allow.contains(method.as_str()), "{path}: {allow}");
            }
            assert!(!allow.contains(verb.as_str()), "{path}: {allow}");
            assert_problem_unless_head(&verb, &reply);
        }
    }
}

fn assert_problem_unless_head(verb: &Method, reply: &testkit::Reply) {
    if *verb == Method::HEAD {
        assert_eq!(reply.status, 405);
        assert_eq!(reply.text, "");
    } else {
        assert_problem(reply, 405, "method_not_allowed");
    }
}

/// A HEAD answers as a GET would, without the body.
#[tokio::test]
async fn head_is_get_without_a_body() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    for path in [CURRENT, "/.well-known/jwks.json", "/livez", "/readyz"] {
        let get = app.get(path).bearer(&token).send().await.expect(200);
        let head = app.call(Method::HEAD, path).bearer(&token).send().await.expect(200);
        assert_eq!(head.text, "");
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
}
