//! How we are talked to: each surface parses, calls one operation, renders.

pub mod dialects;
pub mod docs;
mod kit;
mod measures;
mod native;
mod pages;
mod postman;

use std::sync::Arc;

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use operations::Services;
use utoipa::openapi::Server;

use dialects::Dialects;
use docs::Document;
use kit::health::{self, Health};
use kit::{Failure, Mount, Mounts, Rejection, Table, layers};
use native::Native;

pub use kit::Draining;
pub use kit::layers::secure;
pub use kit::{ApiSettings, Front, MountClash};
pub use measures::describe as describe_metrics;
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
    /// Whether documents and measurements are answered apart from everything else (CFG-04).
    pub is_apart: bool,
}

/// Every route of the service, by who is meant to reach it.
pub struct Routers {
    pub public: Router,
    /// For whoever looks after the service, where that is apart.
    pub inside: Option<Router>,
}

pub fn routers(parts: Parts) -> Result<Routers, MountClash> {
    let draining = parts.draining.clone();
    let front = Front::new(Arc::clone(&parts.services), parts.settings, draining);
    let health =
        Health { services: parts.services, draining: parts.draining, metrics: parts.metrics };
    let mounts = mounts(&front.settings.dialects);
    // Requests that are tried from a document go to where it stands, unless that is elsewhere.
    let server = parts.is_apart.then(|| front.settings.public_url.as_str());
    let documents = mounts.iter().map(|mount| published(mount, server)).collect();
    let table = Table::new(mounts)?;
    let probes = health::probes::<Native>(health.clone()).merge(parts.extra);
    let inside = health::metrics(health.clone()).merge(docs::router(documents));
    let (others, inside) = if parts.is_apart {
        (probes, Some(inside.merge(health::probes::<Native>(health))))
    } else {
        (probes.merge(inside), None)
    };
    let others = others.method_not_allowed_fallback(method_not_allowed);
    let others = layers::around_router::<Native>(others, &front);
    let public = table.into_router(&front).merge(others).merge(pages::router(&front));
    Ok(Routers {
        public: layers::around_all(public, &front),
        inside: inside.map(|inside| alone(inside, &front)),
    })
}

/// How the process is, for one that serves nothing else: `/livez`, `/readyz` and `/metrics`.
pub fn health_router(
    services: Arc<Services>,
    settings: ApiSettings,
    metrics: PrometheusHandle,
    draining: Draining,
) -> Router {
    let front = Front::new(Arc::clone(&services), settings, draining.clone());
    let health = Health { services, draining, metrics };
    alone(health::probes::<Native>(health.clone()).merge(health::metrics(health)), &front)
}

/// Where no surface answers: what is not there is said in our own words.
fn alone(router: Router, front: &Front) -> Router {
    let router = router.method_not_allowed_fallback(method_not_allowed).fallback(not_found);
    layers::around_all(layers::around_router::<Native>(router, front), front)
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

fn published(mount: &Mount, server: Option<&str>) -> Document {
    let name = mount.surface.as_str();
    let mut document = mount.document.clone();
    document.servers = server.map(|url| vec![Server::new(url)]).or(document.servers);
    Document {
        name: name.to_owned(),
        path: format!("/openapi/{name}.json"),
        json: document.to_json().unwrap_or_default().into(),
    }
}

async fn not_found() -> Failure<Native> {
    Rejection::NotFound.into()
}

async fn method_not_allowed(method: http::Method) -> Failure<Native> {
    // The router knows which methods there are, and says so in the header.
    Rejection::MethodNotAllowed { method, allow: None }.into()
}
