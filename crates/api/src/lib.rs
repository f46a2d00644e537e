//! How we are talked to: each surface parses, calls one operation, renders.

pub mod docs;
mod kit;
mod native;

use std::sync::Arc;

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use operations::Services;

use docs::Document;
use kit::health::{self, Health};
use kit::{Failure, Rejection, layers};
use native::Native;

pub use kit::health::Draining;
pub use kit::{ApiSettings, Front};
pub use native::error_reference;

/// What the router is made of.
pub struct Parts {
    pub services: Arc<Services>,
    pub settings: ApiSettings,
    pub metrics: PrometheusHandle,
    pub draining: Draining,
    /// Routes of the assembly's own, such as the development mailbox.
    pub extra: Router,
}

/// Every route of the service: the table of contents.
pub fn router(parts: Parts) -> Router {
    let front = Front::new(Arc::clone(&parts.services), parts.settings);
    let health =
        Health { services: parts.services, draining: parts.draining, metrics: parts.metrics };
    let (native, document) = native::routes().into_parts();
    let router = Router::new()
        .merge(native.with_state(front.clone()))
        .merge(docs::router(vec![published("native", &document)]))
        .merge(health::router::<Native>(health))
        .merge(parts.extra)
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed);
    layers::wrap::<Native>(router, &front)
}

/// The document of the native API, as committed under `docs/reference/openapi/`.
pub fn openapi() -> String {
    let (_, document) = native::routes().into_parts();
    // Serialising a value that was built from constants does not fail.
    document.to_pretty_json().unwrap_or_default() + "\n"
}

fn published(name: &str, document: &utoipa::openapi::OpenApi) -> Document {
    Document {
        name: name.to_owned(),
        path: format!("/openapi/{name}.json"),
        json: document.to_json().unwrap_or_default().into(),
    }
}

async fn not_found() -> Failure<Native> {
    Rejection::NotFound.into()
}

async fn method_not_allowed() -> Failure<Native> {
    Rejection::MethodNotAllowed.into()
}
