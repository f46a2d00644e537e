//! Limits by address, before the body, the token or the account is looked at. Told in the header
//! fields of draft-ietf-httpapi-ratelimit-headers where the surface has them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use http::header::HeaderValue;
use http::{HeaderName, Method};
use operations::limits::{Limit, Shown, admit};

use crate::kit::client::address;
use crate::kit::dialect::Dialect;
use crate::kit::failure::Failure;
use crate::kit::state::Front;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");

/// The limit of each method of a path.
pub(crate) type Limits = Arc<[(Method, Limit)]>;

pub(super) async fn limit<D: Dialect>(
    State((front, limits)): State<(Front, Limits)>,
    request: Request,
    next: Next,
) -> Response {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let limit = limits.iter().find(|(of, _)| of == method).map(|(_, limit)| *limit);
    let Some(limit) = limit else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let address = address(&parts, &front.settings.trusted_proxies);
    let admitted = admit(&front.services, D::SURFACE, limit, address).await;
    let mut response = if admitted.may {
        next.run(Request::from_parts(parts, body)).await
    } else {
        let refusal = Refusal::TooManyRequests { retry_after: admitted.retry_after };
        Failure::<D>::from(refusal).into_response()
    };
    if let Some(shown) = admitted.shown.filter(|_| D::RATE_LIMIT_HEADERS) {
        tell(&mut response, &shown);
    }
    response
}

fn tell(response: &mut Response, shown: &Shown) {
    let name = shown.limit.as_str();
    let seconds = |time: Duration| time.as_secs_f64().ceil();
    let policy = format!("\"{name}\";q={};w={}", shown.count, shown.period.as_secs());
    let standing = shown.standing;
    let left =
        format!("\"{name}\";r={};t={:.0}", standing.remaining, seconds(standing.whole_after));
    for (header, text) in [(POLICY, policy), (STANDING, left)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(header, value);
        }
    }
}
