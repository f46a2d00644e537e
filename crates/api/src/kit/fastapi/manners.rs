//! What FastAPI does for every service built on it.

use std::marker::PhantomData;

use axum::response::Response;
use domain::Field;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value;

use super::body::read_body;
use super::reject::JSON;
use crate::kit::{Manners, Reading, Rejection, SentBody};

/// With the names that the fields of a service have.
pub(crate) struct FastApi<N = Usernames>(PhantomData<N>);

/// What fields are called that are called something else natively.
pub(crate) trait FieldNames: Send + Sync + 'static {
    const RENAMED: &'static [(Field, &'static str)];
}

/// Of services that know people by their usernames.
pub(crate) enum Usernames {}

impl FieldNames for Usernames {
    const RENAMED: &'static [(Field, &'static str)] = &[(Field::Identifier, "username")];
}

impl<N: FieldNames> Manners for FastApi<N> {
    const READING: Reading = Reading::IgnoringUnknown;
    const HEAD: bool = false;
    const BODY_FIRST: bool = true;
    const RENAMED: &'static [(Field, &'static str)] = N::RENAMED;

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
