//! The headers that a surface puts on every answer, and what it answers before all else.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::kit::dialect::{Asked, Dialect};

pub(super) async fn dress<D: Dialect>(
    State(allow): State<Arc<str>>,
    request: Request,
    next: Next,
) -> Response {
    let asked = Asked { headers: request.headers().clone(), allow: Some(allow) };
    let mut response = match D::before(&asked) {
        Some(answer) => answer.into_response(),
        None => next.run(request).await,
    };
    D::dress(&asked, &mut response);
    response
}
