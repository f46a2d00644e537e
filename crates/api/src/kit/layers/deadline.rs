//! No request takes longer than its time: it is then answered as unavailable.

use std::sync::Arc;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HeaderValue, RETRY_AFTER};

use crate::kit::dialect::Dialect;
use crate::kit::failure::FaultNote;
use crate::kit::state::Front;

pub(super) async fn deadline<D: Dialect>(
    State(front): State<Front>,
    request: Request,
    next: Next,
) -> Response {
    let settings = &front.settings;
    // A body has a time of its own in which to arrive; reading it keeps that.
    let has_body = !request.body().is_end_stream();
    let limit = settings.request_timeout
        + if has_body { settings.body_timeout } else { std::time::Duration::ZERO };
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let answer = D::unavailable().with_header(RETRY_AFTER, HeaderValue::from_static("2"));
        let mut response = answer.into_response();
        let note = FaultNote::Fault(Arc::from("the request took too long"));
        response.extensions_mut().insert(note);
        response
    })
}
