//! Is the process alive, can it work, what has it counted.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use axum::{Json, Router};
use http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use metrics_exporter_prometheus::PrometheusHandle;
use operations::health::{Ready, ready};
use operations::{Services, tell_present};
use serde_json::json;

use super::dialect::Dialect;
use super::draining::Draining;

/// The database is given so long to answer before we call ourselves not ready.
const PATIENCE: Duration = Duration::from_millis(1500);

#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) services: Arc<Services>,
    pub(crate) draining: Draining,
    pub(crate) metrics: PrometheusHandle,
}

const LIVE: &str = "/livez";
const READY: &str = "/readyz";
const METRICS: &str = "/metrics";

/// Whether only machines that look after us ask for `route`.
pub(crate) fn is_probe(route: &str) -> bool {
    [LIVE, READY, METRICS].contains(&route.trim_end_matches('/'))
}

/// For whoever restarts us, and whoever sends requests to us.
pub(crate) fn probes<D: Dialect>(health: Health) -> Router {
    let router = both_spellings(Router::new(), LIVE, get(livez));
    both_spellings(router, READY, get(readyz::<D>)).with_state(health)
}

/// For Prometheus.
pub(crate) fn metrics(health: Health) -> Router {
    both_spellings(Router::new(), METRICS, get(measured)).with_state(health)
}

fn both_spellings(
    router: Router<Health>,
    path: &str,
    route: MethodRouter<Health>,
) -> Router<Health> {
    router.route(path, route.clone()).route(&format!("{path}/"), route)
}

/// Asks nothing of anybody: a database that is down is no reason to restart us.
async fn livez() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

async fn readyz<D: Dialect>(State(health): State<Health>) -> Response {
    if health.draining.has_begun() {
        return not_ready::<D>("stopping");
    }
    match tokio::time::timeout(PATIENCE, ready(&health.services)).await {
        Ok(Ok(Ready { is_degraded })) => {
            Json(json!({ "status": "ready", "degraded": is_degraded })).into_response()
        }
        Ok(Err(_)) | Err(_) => not_ready::<D>("database"),
    }
}

/// An error like any other, with what is missing.
fn not_ready<D: Dialect>(reason: &str) -> Response {
    let mut answer = D::unavailable().with_header(RETRY_AFTER, HeaderValue::from_static("2"));
    answer.body["reason"] = json!(reason);
    answer.into_response()
}

async fn measured(State(health): State<Health>) -> impl IntoResponse {
    tell_present(&health.services);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], health.metrics.render())
}
