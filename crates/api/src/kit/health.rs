//! Is the process alive, can it work, what has it counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use metrics_exporter_prometheus::PrometheusHandle;
use operations::Services;
use operations::health::ready;
use serde_json::json;

/// The database is given so long to answer before we call ourselves not ready.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Set while the process stops: load balancers then send their requests elsewhere.
#[derive(Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) services: Arc<Services>,
    pub(crate) draining: Draining,
    pub(crate) metrics: PrometheusHandle,
}

pub(crate) fn router(health: Health) -> Router {
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(health)
}

/// Asks nothing of anybody: a database that is down is no reason to restart us.
async fn livez() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

async fn readyz(State(health): State<Health>) -> Response {
    if health.draining.has_begun() {
        return not_ready("stopping");
    }
    match tokio::time::timeout(PATIENCE, ready(&health.services)).await {
        Ok(Ok(())) => Json(json!({ "status": "ready" })).into_response(),
        Ok(Err(_)) | Err(_) => not_ready("database"),
    }
}

fn not_ready(reason: &str) -> Response {
    let body = Json(json!({ "status": "not ready", "reason": reason }));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], health.metrics.render())
}
