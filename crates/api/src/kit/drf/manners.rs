//! What Django and Django REST framework do for every service built on them.

use std::marker::PhantomData;

use axum::response::Response;
use domain::Field;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use super::accept::is_acceptable;
use super::body::read_body;
use super::errors::{NOT_ACCEPTABLE, detail};
use super::headers;
use crate::kit::{Answer, Manners, Reading, Rejection, SentBody};

/// With the forms of one dialect.
pub(crate) struct Drf<F>(PhantomData<F>);

/// What a dialect's serializers say of forms.
pub(crate) trait Forms: Send + Sync + 'static {
    /// An empty value of these in a form is `null`.
    const NULLABLE: &'static [&'static str] = &[];
}

impl<F: Forms> Manners for Drf<F> {
    const READING: Reading = Reading::AsDrf;
    const RENAMED: &'static [(Field, &'static str)] = &[
        (Field::Identifier, "non_field_errors"),
        (Field::RestorationToken, "token"),
        (Field::RefreshToken, "refresh"),
    ];

    async fn read_body(body: SentBody) -> Result<Value, Rejection> {
        read_body(body, F::NULLABLE).await
    }

    fn allow(methods: &[Method]) -> String {
        headers::allow(methods)
    }

    fn before(headers: &HeaderMap) -> Option<Answer> {
        let refuse = || detail(StatusCode::NOT_ACCEPTABLE, NOT_ACCEPTABLE);
        (!is_acceptable(headers)).then(refuse)
    }

    fn dress(allow: Option<&str>, response: &mut Response) {
        headers::dress(allow, response);
    }
}
