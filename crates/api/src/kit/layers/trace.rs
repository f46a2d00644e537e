//! One log line and one measurement for each request. No query, no body, no header is logged.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

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
use crate::measures;

/// Labels must be few: what no route matched is counted together.
const UNMATCHED: &str = "unmatched";
/// Methods that nobody answers here: a stranger could send each of them to each path.
const OTHER: &str = "other";
/// Health, metrics and documents belong to no surface.
const NO_SURFACE: &str = "none";

/// What nginx writes where the client left before it was answered. Nobody is sent it.
const CLIENT_GONE: u16 = 499;

pub(super) async fn trace(
    State(front): State<Front>,
    route: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let route = route.as_ref().map_or(UNMATCHED, |route| spelling(route.as_str())).to_owned();
    let learned = Learned::default();
    request.extensions_mut().insert(learned.clone());
    let (parts, body) = request.into_parts();
    let asked = Asked {
        started,
        method: parts.method.clone(),
        route,
        id: parts.extensions.get::<RequestId>().map_or_else(|| "".into(), |id| Arc::clone(&id.0)),
        client: address(&parts, &front.settings.trusted_proxies),
        learned,
        is_answered: false,
    };
    let response = next.run(Request::from_parts(parts, body)).await;
    asked.answered(&response);
    response
}

/// A request under way. It is told of once: when it is answered, or when it is dropped because nobody waits
/// for an answer any more.
struct Asked {
    started: Instant,
    method: Method,
    route: String,
    id: Arc<str>,
    client: Option<IpAddr>,
    learned: Learned,
    is_answered: bool,
}

impl Asked {
    fn answered(mut self, response: &Response) {
        self.is_answered = true;
        let (took, status) = (self.started.elapsed(), response.status().as_u16());
        self.count(status, took);
        let Self { method, route, client, .. } = &self;
        let client = client.map(tracing::field::display);
        let (request_id, milliseconds) = (&*self.id, milliseconds(took));
        match response.extensions().get::<FaultNote>() {
            Some(FaultNote::Fault(chain)) => {
                tracing::error!(request_id, %method, route, status, milliseconds, client, fault = %chain, "request failed");
            }
            Some(FaultNote::Refused(refused)) => {
                metrics::counter!(measures::REFUSALS, "code" => *refused).increment(1);
                tracing::info!(request_id, %method, route, status, milliseconds, client, refused, "request");
            }
            // Machines ask every few seconds: worth a line only where the answer is bad.
            None if is_probe(route) && response.status().is_success() => {
                tracing::debug!(request_id, %method, route, status, milliseconds, client, "request");
            }
            None => {
                tracing::info!(request_id, %method, route, status, milliseconds, client, "request");
            }
        }
    }

    fn count(&self, status: u16, took: Duration) {
        let is_invented = self.learned.is_unrouted()
            || status == StatusCode::METHOD_NOT_ALLOWED.as_u16()
            || self.route == UNMATCHED;
        let labels = [
            ("method", if is_invented { OTHER.to_owned() } else { label(&self.method) }),
            ("route", self.route.clone()),
            ("surface", self.learned.answered_by().unwrap_or(NO_SURFACE).to_owned()),
            ("status", status.to_string()),
        ];
        metrics::counter!(measures::HTTP_REQUESTS, &labels).increment(1);
        metrics::histogram!(measures::HTTP_REQUEST_SECONDS, &labels[..3]).record(took);
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        let took = self.started.elapsed();
        self.count(CLIENT_GONE, took);
        let Self { method, route, client, .. } = &*self;
        let client = client.map(tracing::field::display);
        let (request_id, milliseconds) = (&*self.id, milliseconds(took));
        tracing::info!(request_id, %method, route, status = CLIENT_GONE, milliseconds, client, "request");
    }
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
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
