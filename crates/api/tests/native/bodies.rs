//! Bodies that are too large, of the wrong type, or not JSON (API-04, API-06, API-12, REG-09).

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use testkit::{App, PASSWORD};

use super::support::{
    CURRENT, LOGIN, LOGOUT, REFRESH, REGISTER, RESTORE, any, assert_problem, names,
};

const PATHS: [&str; 5] = [REGISTER, LOGIN, REFRESH, LOGOUT, RESTORE];

fn raw(app: &App, path: &str, body: impl Into<Vec<u8>>) -> testkit::Call {
    let call = app.call(Method::POST, path).header("content-type", "application/json");
    call.body(body.into())
}

/// PWD-02: before anything is hashed.
#[tokio::test]
async fn what_is_too_large_is_refused_unread() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    let large = json!({ "password": "x".repeat(1024 * 1024), "username": "bob" });
    let started = Instant::now();
    for path in PATHS {
        assert_problem(&app.post(path, &large).send().await, 413, "body_too_large");
    }
    for call in [app.patch(CURRENT, &large), app.delete(CURRENT, &large)] {
        assert_problem(&call.bearer(&token).send().await, 413, "body_too_large");
    }
    assert!(started.elapsed() < Duration::from_secs(1));
    let full = format!("{}{}", "{}", " ".repeat(64 * 1024 - 2));
    raw(&app, LOGOUT, full.clone()).send().await.expect(204);
    let reply = raw(&app, LOGOUT, full + " ").send().await;
    assert_problem(&reply, 413, "body_too_large");
    assert_eq!(app.database.count("users").await, 1);
}

/// API-04: also what keeps plain forms of other sites out.
#[tokio::test]
async fn nothing_but_json_is_read() {
    let app = any().await;
    let body = json!({ "username": "ann", "password": PASSWORD }).to_string();
    for content_type in [
        "text/plain",
        "text/plain; charset=utf-8",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonp",
        "json",
        "",
        "application/json-seq",
        "image/svg+json",
    ] {
        for path in PATHS {
            let call = app.call(Method::POST, path).header("content-type", content_type);
            let reply = call.body(body.clone()).send().await;
            assert_problem(&reply, 415, "unsupported_media_type");
        }
    }
    for path in PATHS {
        let reply = app.call(Method::POST, path).body(body.clone()).send().await;
        assert_problem(&reply, 415, "unsupported_media_type");
    }
    let call = app.call(Method::POST, LOGOUT).header("content-type", "text/plain").body("{}");
    assert_problem(&call.send().await, 415, "unsupported_media_type");
    assert_eq!(app.database.count("users").await, 0);
    for content_type in
        ["application/json; charset=utf-8", "APPLICATION/JSON", "application/x+json"]
    {
        let name = format!("ann{}", content_type.len());
        let body = json!({ "username": name, "password": PASSWORD }).to_string();
        let call = app.call(Method::POST, REGISTER).header("content-type", content_type);
        call.body(body).send().await.expect(201);
    }
}

/// API-12
#[tokio::test]
async fn what_is_not_json_is_refused_at_once() {
    let app = any().await;
    let lone =
        |text: &str| format!("{{\"username\": \"{text}\", \"password\": \"x\"}}").into_bytes();
    let wrong: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b" ".to_vec(),
        b"{".to_vec(),
        b"}".to_vec(),
        b"{]".to_vec(),
        b"{\"username\"}".to_vec(),
        b"{\"username\":}".to_vec(),
        b"{\"username\":\"ann\",}".to_vec(),
        b"{username:\"ann\"}".to_vec(),
        b"{'username':'ann'}".to_vec(),
        b"{\"username\":\"ann\"} x".to_vec(),
        b"{\"username\":\"ann\"}{}".to_vec(),
        b"{} null".to_vec(),
        b"// x\n{}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"\0{}".to_vec(),
        b"{}\0".to_vec(),
        b"{\"username\":\"a\0b\"}".to_vec(),
        b"{\"username\":\"a\nb\"}".to_vec(),
        b"{\"username\":\"\xff\xfe\"}".to_vec(),
        b"{\"username\":\"\xc0\xaf\"}".to_vec(),
        b"{\"username\":\"\xed\xa0\x80\"}".to_vec(),
        b"{\"\xff\":1}".to_vec(),
        b"\xff\xfe{\0}\0".to_vec(),
        lone("\\ud800"),
        lone("\\udc00"),
        lone("\\ud800\\ud800"),
        lone("\\u12"),
        lone("\\x41"),
        b"{\"username\":1e400}".to_vec(),
        b"{\"username\":-1e400}".to_vec(),
        b"{\"username\":01}".to_vec(),
        b"{\"username\":NaN}".to_vec(),
        b"{\"username\":+1}".to_vec(),
        b"{\"username\":.5}".to_vec(),
        b"{\"username\":Infinity}".to_vec(),
        b"username=ann&password=x".to_vec(),
        b"<user/>".to_vec(),
        b"[".repeat(30_000),
        b"{\"a\":".repeat(10_000),
        [b"{\"metadata\":".as_slice(), &b"[".repeat(33), &b"]".repeat(33), b"}"].concat(),
        b"\"".repeat(60_001),
    ];
    for body in wrong {
        let shown = String::from_utf8_lossy(&body).chars().take(40).collect::<String>();
        let started = Instant::now();
        let reply = raw(&app, REGISTER, body).send().await;
        assert!(started.elapsed() < Duration::from_millis(200), "{shown}");
        assert_problem(&reply, 400, "malformed_json");
        let detail = reply.text_at("/detail");
        assert!(detail.len() > 25 && detail.len() < 200, "{shown}: {detail}");
    }
    assert_eq!(app.database.count("users").await, 0);
}

/// The issue's words: 10⁵ nested brackets.
#[tokio::test]
async fn a_hundred_thousand_brackets_are_refused() {
    let app = any().await;
    let reply = raw(&app, REGISTER, b"[".repeat(100_000)).send().await;
    assert_problem(&reply, 413, "body_too_large");
    let roomy = super::support::any_with(&[("VESTIBULE_HTTP__MAX_BODY_BYTES", "1000000")]).await;
    for body in [b"[".repeat(100_000), [b"[".repeat(100_000), b"]".repeat(100_000)].concat()] {
        let reply = raw(&roomy, REGISTER, body).send().await;
        assert_problem(&reply, 400, "malformed_json");
    }
}

#[tokio::test]
async fn only_an_object_is_a_request() {
    let app = any().await;
    for (body, found) in [
        ("[]", "an array"),
        ("[{\"username\":\"ann\"}]", "an array"),
        ("\"ann\"", "a string"),
        ("7", "a number"),
        ("-0", "a number"),
        ("123456789012345678901234567890", "a number"),
        ("true", "a boolean"),
        ("null", "null"),
    ] {
        for path in PATHS {
            let reply = raw(&app, path, body).send().await;
            assert_problem(&reply, 422, "invalid");
            assert!(reply.text_at("/detail").contains(found), "{}", reply.text);
        }
    }
}

/// REG-09: which of the two would count is nobody's guess; the field is named.
#[tokio::test]
async fn no_key_stands_twice() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    for (body, field) in [
        (r#"{"email":"a@x.io","email":"eve@x.io","password":"x"}"#, "email"),
        (r#"{"email":"a@x.io","\u0065mail":"eve@x.io","password":"x"}"#, "email"),
        (r#"{"password":"a","password":"a"}"#, "password"),
        (r#"{"role":1,"role":2}"#, "role"),
    ] {
        for path in PATHS {
            let reply = raw(&app, path, body).send().await;
            assert_problem(&reply, 400, "malformed_json");
            assert!(names(&reply, field, "duplicate"), "{}", reply.text);
        }
    }
    let nested = r#"{"metadata":{"a":{"b":1,"b":2}}}"#;
    let call = app.call(Method::PATCH, CURRENT).header("content-type", "application/json");
    let reply = call.bearer(&token).body(nested).send().await;
    assert_problem(&reply, 400, "malformed_json");
    assert!(names(&reply, "b", "duplicate"), "{}", reply.text);
    let long = format!("{{\"{0}\":1,\"{0}\":2}}", "k".repeat(20_000));
    let reply = raw(&app, REGISTER, long).send().await;
    assert!(reply.text.len() < 1000, "a stranger's key is not repeated in full");
    assert_eq!(app.database.count("users").await, 1);
}

/// Numbers in metadata either come back as they were or are refused.
#[tokio::test]
async fn numbers_are_not_bent() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    for (number, status) in [
        ("0", 200),
        ("-1", 200),
        ("9223372036854775807", 200),
        ("18446744073709551615", 200),
        ("1.5", 200),
        ("1e400", 400),
    ] {
        let call = app.call(Method::PATCH, CURRENT).header("content-type", "application/json");
        let body = format!("{{\"metadata\":{{\"n\":{number}}}}}");
        let reply = call.bearer(&token).body(body).send().await.expect(status);
        if status == 200 {
            assert!(reply.text.contains(&format!("{{\"n\":{number}}}")), "{}", reply.text);
        }
    }
}

/// Where a body may be missing, none and an empty one are the same.
#[tokio::test]
async fn no_body_is_an_empty_body() {
    let app = any().await;
    for content_type in [None, Some("application/json"), Some("text/plain")] {
        let call = app.call(Method::POST, LOGOUT);
        let call = match content_type {
            Some(content_type) => call.header("content-type", content_type),
            None => call,
        };
        call.send().await.expect(204);
    }
    let reply: Value = raw(&app, LOGIN, "").send().await.expect(400).json();
    assert_eq!(reply["code"], "malformed_json");
}
