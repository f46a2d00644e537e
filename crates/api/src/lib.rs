//! How we are talked to: each surface parses, calls one operation, renders.

pub mod dialects;
pub mod docs;
mod kit;
mod native;
mod pages;
mod postman;

use std::sync::Arc;

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use operations::Services;

use dialects::Dialects;
use docs::Document;
use kit::health::{self, Health};
use kit::{Failure, Mount, Mounts, Rejection, Table, layers};
use native::Native;

pub use kit::Draining;
pub use kit::{ApiSettings, Front, MountClash};
pub use native::error_reference;
pub use postman::collection as postman_collection;

/// What the router is made of.
pub struct Parts {
    pub services: Arc<Services>,
    pub settings: ApiSettings,
    pub metrics: PrometheusHandle,
    pub draining: Draining,
    /// Routes of the assembly's own, such as the development mailbox.
    pub extra: Router,
}

/// Every route of the service.
pub fn router(parts: Parts) -> Result<Router, MountClash> {
    let draining = parts.draining.clone();
    let front = Front::new(Arc::clone(&parts.services), parts.settings, draining);
    let health =
        Health { services: parts.services, draining: parts.draining, metrics: parts.metrics };
    let mounts = mounts(&front.settings.dialects);
    let documents = mounts.iter().map(published).collect();
    let table = Table::new(mounts)?;
    let others = Router::new()
        .merge(docs::router(documents))
        .merge(health::router::<Native>(health))
        .merge(parts.extra)
        .method_not_allowed_fallback(method_not_allowed);
    let router = table.into_router(&front).merge(layers::around_router::<Native>(others, &front));
    let router = router.merge(pages::router(&front));
    Ok(layers::around_all(router, &front))
}

/// How the process is, for one that serves nothing else: `/livez`, `/readyz` and `/metrics`.
pub fn health_router(
    services: Arc<Services>,
    metrics: PrometheusHandle,
    draining: Draining,
) -> Router {
    health::router::<Native>(Health { services, draining, metrics })
}

/// Whether every path of these surfaces belongs to one of them.
pub fn check_mounts(dialects: &Dialects) -> Result<(), MountClash> {
    Table::new(mounts(dialects)).map(drop)
}

/// Where our own paths begin: no dialect stands below them, or answers for what is not there.
pub const OWN_PATHS: [&str; 11] = [
    "/api/v1",
    "/api/docs",
    "/api/redoc",
    "/docs",
    "/openapi",
    "/.well-known",
    "/livez",
    "/readyz",
    "/metrics",
    "/dev",
    "/link",
];

/// The table of contents.
fn mounts(dialects: &Dialects) -> Mounts {
    Mounts { native: native::routes().mount("", &OWN_PATHS), others: dialects.mounts() }
}

/// The names of all surfaces that have a document.
pub fn surface_names() -> Vec<&'static str> {
    let mounts = mounts(&Dialects::all_by_default());
    mounts.iter().map(|mount| mount.surface.as_str()).collect()
}

/// The document of a surface with default settings, as committed under `docs/reference/openapi/`.
pub fn openapi(surface: &str) -> Option<String> {
    let mounts = mounts(&Dialects::all_by_default());
    let mount = mounts.iter().find(|mount| mount.surface.as_str() == surface)?;
    // Serialising a value that was built from constants does not fail.
    Some(mount.document.to_pretty_json().unwrap_or_default() + "\n")
}

fn published(mount: &Mount) -> Document {
    let name = mount.surface.as_str();
    Document {
        name: name.to_owned(),
        path: format!("/openapi/{name}.json"),
        json: mount.document.to_json().unwrap_or_default().into(),
    }
}

async fn method_not_allowed(method: http::Method) -> Failure<Native> {
    // The router knows which methods there are, and says so in the header.
    Rejection::MethodNotAllowed { method, allow: None }.into()
}
