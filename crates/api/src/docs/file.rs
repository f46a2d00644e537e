//! A file in memory and the headers it is served with.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderName, HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Response, StatusCode};
use axum::routing::{MethodRouter, get};
use utoipa_swagger_ui::Config;

/// What is no page needs nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
     object-src 'none'; form-action 'none'";

const FIXED: [(HeaderName, &str); 3] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    // Kept, and asked for again each time: a new version must not meet half of the old one.
    (CACHE_CONTROL, "public, no-cache"),
];

#[derive(Clone)]
pub(super) struct File {
    content_type: &'static str,
    policy: &'static str,
    is_gzipped: bool,
    etag: String,
    bytes: Bytes,
}

impl File {
    pub(super) fn new(content_type: &'static str, bytes: Bytes) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(&bytes);
        Self {
            content_type,
            policy: POLICY,
            is_gzipped: false,
            etag: format!("\"{:016x}\"", hasher.finish()),
            bytes,
        }
    }

    /// `None` when the crate does not have it, which a test would tell.
    pub(super) fn of_swagger_ui(name: &str, content_type: &'static str) -> Option<Self> {
        let file = utoipa_swagger_ui::serve(name, Arc::new(Config::default())).ok()??;
        let bytes = match file.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let is_gzipped = file.gzpipped;
        Some(Self { is_gzipped, ..Self::new(content_type, bytes) })
    }

    pub(super) fn under(self, policy: &'static str) -> Self {
        Self { policy, ..self }
    }

    /// The bytes are compressed already and served so to everyone: every browser that can run
    /// these scripts can unpack them.
    pub(super) fn gzipped(self) -> Self {
        Self { is_gzipped: true, ..self }
    }

    pub(super) fn route(self) -> MethodRouter {
        get(async move |headers: HeaderMap| self.answer(&headers))
    }

    fn answer(&self, request: &HeaderMap) -> Response<Body> {
        let mut response = if self.is_known_to(request) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            Response::new(Body::from(self.bytes.clone()))
        };
        let headers = response.headers_mut();
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let policy = HeaderValue::from_static(self.policy);
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(ETAG, etag);
        }
        if self.is_gzipped {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    fn is_known_to(&self, request: &HeaderMap) -> bool {
        request
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == self.etag || tag == "*")
    }
}
