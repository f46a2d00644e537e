//! The headers of Django and Django REST framework.

use axum::response::Response;
use http::header::{
    ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY, VARY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{Method, StatusCode};

use crate::kit::Asked;

const ALWAYS: [(HeaderName, &str); 4] = [
    (X_FRAME_OPTIONS, "DENY"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// In Django's order, `HEAD` and `OPTIONS` behind.
pub(super) fn allow(methods: &[Method]) -> String {
    let mut names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    if methods.contains(&Method::GET) {
        names.push("HEAD");
    }
    names.push("OPTIONS");
    names.join(", ")
}

pub(super) fn dress(asked: &Asked, response: &mut Response, vary: &'static str) {
    let status = response.status();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(VARY, HeaderValue::from_static(vary));
    let allow = asked.allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok());
    if let Some(allow) = allow {
        headers.insert(ALLOW, allow);
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("JWT realm=\"api\""));
    }
    if status == StatusCode::NO_CONTENT {
        headers.remove(CONTENT_TYPE);
    }
}
