//! What FastAPI does for every service built on it.

use axum::response::Response;
use domain::Field;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use super::body::read_body;
use super::reject::JSON;
use crate::kit::{Manners, Reading, Rejection, SentBody};

pub(crate) enum FastApi {}

impl Manners for FastApi {
    const READING: Reading = Reading::IgnoringUnknown;
    const HEAD: bool = false;
    const BODY_FIRST: bool = true;
    const RENAMED: &'static [(Field, &'static str)] = &[(Field::Identifier, "username")];

    async fn read_body(body: SentBody) -> Result<Value, Rejection> {
        read_body(&body)
    }

    /// Answers without a body name the type of bodies all the same.
    fn dress(_: Option<&str>, response: &mut Response) {
        if response.status() == StatusCode::NO_CONTENT {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        }
    }
}
