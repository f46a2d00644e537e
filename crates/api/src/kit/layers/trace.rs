//! One log line and one measurement for each request. No query, no body, no header is logged.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode};

use super::learned::Learned;
use crate::kit::client::address;
use crate::kit::failure::FaultNote;
use crate::kit::health::is_probe;
use crate::kit::request_id::RequestId;
use crate::kit::state::Front;

/// Labels must be few: what no route matched is counted together.
const UNMATCHED: &str = "unmatched";
/// Methods that nobody answers here: a stranger could send each of them to each path.
const OTHER: &str = "other";
/// Health, metrics and documents belong to no surface.
const NO_SURFACE: &str = "none";

pub(super) async fn trace(
    State(front): State<Front>,
    route: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route =
        route.map_or_else(|| UNMATCHED.to_owned(), |route| spelling(route.as_str()).to_owned());
    let learned = Learned::default();
    request.extensions_mut().insert(learned.clone());
    let id = request.extensions().get::<RequestId>().cloned();
    let (parts, body) = request.into_parts();
    let client = address(&parts, &front.settings.trusted_proxies);

    let response = next.run(Request::from_parts(parts, body)).await;

    let took = started.elapsed();
    let status = response.status().as_u16();
    let is_invented = learned.is_unrouted()
        || response.status() == StatusCode::METHOD_NOT_ALLOWED
        || route == UNMATCHED;
    let labels = [
        ("method", if is_invented { OTHER.to_owned() } else { label(&method) }),
        ("route", route.clone()),
        ("surface", learned.answered_by().unwrap_or(NO_SURFACE).to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("vestibule_http_requests_total", &labels).increment(1);
    metrics::histogram!("vestibule_http_request_seconds", &labels[..3]).record(took);

    let id = id.as_ref().map_or("", |id| &*id.0);
    let client = client.map(tracing::field::display);
    let milliseconds = took.as_secs_f64() * 1000.0;
    match response.extensions().get::<FaultNote>() {
        Some(FaultNote::Fault(chain)) => {
            tracing::error!(request_id = id, %method, route, status, milliseconds, client, fault = %chain, "request failed");
        }
        Some(FaultNote::Refused(code)) => {
            metrics::counter!("vestibule_refusals_total", "code" => *code).increment(1);
            tracing::info!(request_id = id, %method, route, status, milliseconds, client, refused = code, "request");
        }
        // Machines ask every few seconds: worth a line only where the answer is bad.
        None if is_probe(&route) && response.status().is_success() => {
            tracing::debug!(request_id = id, %method, route, status, milliseconds, client, "request");
        }
        None => {
            tracing::info!(request_id = id, %method, route, status, milliseconds, client, "request");
        }
    }
    response
}

/// Each path is routed in two spellings, and counted in one.
fn spelling(route: &str) -> &str {
    if route == "/" { route } else { route.trim_end_matches('/') }
}

/// Anybody can invent methods; we count the real ones.
fn label(method: &Method) -> String {
    match method.as_str() {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method.to_string(),
        _ => OTHER.to_owned(),
    }
}
