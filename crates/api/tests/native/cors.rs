//! Cross-origin calls: off, or from an exact list (WEB-03).

use http::Method;
use testkit::Reply;

use super::support::{CURRENT, LOGIN, any, any_with, assert_problem};

const HEADERS: [&str; 6] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
    "access-control-expose-headers",
];

fn has_none(reply: &Reply) -> bool {
    HEADERS.iter().all(|name| reply.headers.get(*name).is_none())
}

#[tokio::test]
async fn nobody_is_allowed_unless_named() {
    let app = any().await;
    for path in [CURRENT, LOGIN, "/livez", "/openapi.json", "/nowhere"] {
        let reply = app.get(path).header("origin", "https://app.example.org").send().await;
        assert!(has_none(&reply), "{:?}", reply.headers);
        let preflight = app.call(Method::OPTIONS, path).header("origin", "https://app.example.org");
        let reply = preflight.header("access-control-request-method", "POST").send().await;
        assert!(has_none(&reply), "{:?}", reply.headers);
        assert!(reply.status.is_client_error());
    }
}

#[tokio::test]
async fn only_the_very_origin_is_allowed() {
    let list = "https://app.example.org, http://localhost:3000";
    let app = any_with(&[("VESTIBULE_HTTP__CORS_ORIGINS", list)]).await;
    for origin in [
        "null",
        "",
        "*",
        "https://evil.example",
        "http://app.example.org",
        "https://app.example.org/",
        "https://app.example.org:443",
        "https://app.example.org:8443",
        "https://app.example.org.evil.example",
        "https://evilapp.example.org",
        "https://sub.app.example.org",
        "https://example.org",
        "HTTPS://APP.EXAMPLE.ORG",
        "http://localhost",
        "http://localhost:3001",
        "https://app.example.org, https://evil.example",
        "https://app.example.org\t",
    ] {
        let reply = app.get(CURRENT).header("origin", origin).send().await;
        assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}");
        let vary = reply.header("vary").unwrap_or_default().to_lowercase();
        assert!(vary.contains("origin"), "{origin}: {vary}");
        let preflight = app.call(Method::OPTIONS, LOGIN).header("origin", origin);
        let reply = preflight.header("access-control-request-method", "POST").send().await;
        assert_eq!(reply.header("access-control-allow-origin"), None, "{origin}");
    }
    for origin in ["https://app.example.org", "http://localhost:3000"] {
        let reply = app.get(CURRENT).header("origin", origin).send().await;
        assert_problem(&reply, 401, "token_missing");
        assert_eq!(reply.header("access-control-allow-origin"), Some(origin));
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
        assert!(reply.header("vary").is_some_and(|vary| vary.to_lowercase().contains("origin")));
    }
}

#[tokio::test]
async fn a_preflight_says_what_may_be_sent() {
    let app = any_with(&[("VESTIBULE_HTTP__CORS_ORIGINS", "https://app.example.org")]).await;
    let call = app.call(Method::OPTIONS, CURRENT).header("origin", "https://app.example.org");
    let call = call.header("access-control-request-method", "PATCH");
    let reply = call.header("access-control-request-headers", "authorization").send().await;
    let reply = reply.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://app.example.org"));
    assert_eq!(reply.header("access-control-max-age"), Some("600"));
    let list = |name: &str| reply.header(name).expect("a list").to_lowercase();
    for method in ["get", "post", "put", "patch", "delete"] {
        assert!(list("access-control-allow-methods").contains(method));
    }
    for header in ["authorization", "content-type", "idempotency-key", "x-request-id"] {
        assert!(list("access-control-allow-headers").contains(header), "{header}");
    }
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
}

/// Pages that are allowed in can read why they were refused, and when to come back.
#[tokio::test]
async fn what_a_client_needs_is_exposed() {
    let app = any_with(&[("VESTIBULE_HTTP__CORS_ORIGINS", "https://app.example.org")]).await;
    let reply = app.get(CURRENT).header("origin", "https://app.example.org").send().await;
    let exposed = reply.header("access-control-expose-headers").expect("a list").to_lowercase();
    for header in ["x-request-id", "retry-after", "www-authenticate"] {
        assert!(exposed.contains(header), "{header}: {exposed}");
    }
}
