//! One id for a request, its answer, its log line and its events.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{HeaderName, HeaderValue};

pub(super) const NAME: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

tokio::task_local! {
    static CURRENT: Arc<str>;
}

/// In the extensions of every request.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) Arc<str>);

/// The id of the request that this task serves, for error bodies.
pub(crate) fn current() -> Option<Arc<str>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Takes the sender's id when it is harmless, else makes one.
pub(super) async fn assign(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(&NAME).and_then(|value| value.to_str().ok());
    let id: Arc<str> = match given {
        Some(given) if is_harmless(given) => given.into(),
        Some(_) | None => new_id().into(),
    };
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    let mut response = CURRENT.scope(Arc::clone(&id), next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(NAME, value);
    }
    response
}

/// Nothing that could forge a log line (LOG-03).
fn is_harmless(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[expect(clippy::disallowed_methods, reason = "a name for a request decides nothing")]
fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
