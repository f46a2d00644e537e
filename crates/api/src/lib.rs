//! How we are talked to: each surface parses, calls one operation, renders.

pub mod dialects;
pub mod docs;
mod kit;
mod native;
mod postman;

use std::sync::Arc;

use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use operations::Services;

use dialects::{Dialects, djoser, jwt_accounts, shared_users, user_management};
use docs::Document;
use kit::health::{self, Health};
use kit::{Failure, Mount, Rejection, Table, layers};
use native::Native;

pub use kit::health::Draining;
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
    let front = Front::new(Arc::clone(&parts.services), parts.settings);
    let health =
        Health { services: parts.services, draining: parts.draining, metrics: parts.metrics };
    let surfaces = surfaces(&front.settings.dialects);
    let documents = surfaces.iter().map(|(name, mount)| published(name, mount)).collect();
    let table = Table::new(surfaces.into_iter().map(|(_, mount)| mount).collect())?;
    let others = Router::new()
        .merge(docs::router(documents))
        .merge(health::router::<Native>(health))
        .merge(parts.extra)
        .method_not_allowed_fallback(method_not_allowed);
    let router = table.into_router(&front).merge(layers::around_router::<Native>(others, &front));
    Ok(layers::around_all(router, &front))
}

/// Whether every path of these surfaces belongs to one of them.
pub fn check_mounts(dialects: &Dialects) -> Result<(), MountClash> {
    let mounts = surfaces(dialects).into_iter().map(|(_, mount)| mount);
    Table::new(mounts.collect()).map(drop)
}

/// The mount table: the table of contents. The first answers wherever no other does.
fn surfaces(dialects: &Dialects) -> Vec<(&'static str, Mount)> {
    let mut surfaces = vec![("native", native::routes().mount("", &[]))];
    let shared = shared_users::prefix(dialects);
    if let Some(settings) = &dialects.user_management {
        let routes = user_management::routes(shared.is_some());
        surfaces.push(("user_management", routes.mount(&settings.prefix, &["/users"])));
    }
    if let Some(settings) = &dialects.jwt_accounts {
        let routes = jwt_accounts::routes(shared.is_some());
        surfaces.push(("jwt_accounts", routes.mount(&settings.prefix, &["/auth", "/users"])));
    }
    if let Some(prefix) = shared {
        surfaces.push(("shared_users", shared_users::routes().mount(prefix, &["/users"])));
    }
    if let Some(settings) = &dialects.djoser {
        surfaces.push(("djoser", djoser::mount(settings)));
    }
    surfaces
}

/// The names of all surfaces that have a document.
pub const SURFACES: [&str; 5] =
    ["native", "user_management", "jwt_accounts", "shared_users", "djoser"];

/// The document of a surface with default settings, as committed under `docs/reference/openapi/`.
pub fn openapi(surface: &str) -> Option<String> {
    let surfaces = surfaces(&Dialects::all_by_default());
    let (_, mount) = surfaces.into_iter().find(|(name, _)| *name == surface)?;
    // Serialising a value that was built from constants does not fail.
    Some(mount.document.to_pretty_json().unwrap_or_default() + "\n")
}

fn published(name: &str, mount: &Mount) -> Document {
    Document {
        name: name.to_owned(),
        path: format!("/openapi/{name}.json"),
        json: mount.document.to_json().unwrap_or_default().into(),
    }
}

async fn method_not_allowed(method: http::Method) -> Failure<Native> {
    // The router knows which methods there are, and says so in the header.
    Rejection::MethodNotAllowed { method, allow: Arc::from("") }.into()
}
