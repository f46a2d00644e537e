//! No request takes longer than its time: it is then answered as unavailable.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HeaderValue, RETRY_AFTER};

use crate::kit::dialect::Dialect;
use crate::kit::state::Front;

pub(super) async fn deadline<D: Dialect>(
    State(front): State<Front>,
    request: Request,
    next: Next,
) -> Response {
    // The time in which a body may arrive is limited where it is read.
    let limit = front.settings.request_timeout + front.settings.body_timeout;
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let answer = D::unavailable().with_header(RETRY_AFTER, HeaderValue::from_static("2"));
        answer.into_response()
    })
}
