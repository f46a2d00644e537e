//! An answer in the making: status, JSON body, headers.

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) headers: HeaderMap,
}

impl Answer {
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: Value) -> Self {
        let headers =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Self { status, body, headers }
    }

    pub(crate) fn allowing(self, allow: Option<&str>) -> Self {
        match allow.map(HeaderValue::from_str) {
            Some(Ok(methods)) => self.with_header(ALLOW, methods),
            Some(Err(_)) | None => self,
        }
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.body.to_string()).into_response()
    }
}
