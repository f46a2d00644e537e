//! The headers that a surface puts on every answer, and what it answers before all else.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HeaderValue, VARY};

use super::learned::Learned;
use crate::kit::dialect::Dialect;
use crate::kit::manners::Manners;

pub(super) async fn dress<D: Dialect>(
    State(allow): State<Arc<str>>,
    request: Request,
    next: Next,
) -> Response {
    Learned::surface(request.extensions(), D::SURFACE.as_str());
    let vary = D::vary(request.headers());
    let mut response = match D::Manners::before(request.headers()) {
        Some(answer) => answer.into_response(),
        None => next.run(request).await,
    };
    put_on::<D>(vary, Some(&allow), &mut response);
    response
}

/// `vary` was asked for before the request was gone.
pub(in crate::kit) fn put_on<D: Dialect>(
    vary: Option<&'static str>,
    allow: Option<&str>,
    response: &mut Response,
) {
    if let Some(vary) = vary {
        response.headers_mut().insert(VARY, HeaderValue::from_static(vary));
    }
    D::Manners::dress(allow, response);
}
