//! Both spellings of every path from one declaration.

use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::state::Front;

/// The routes of one surface and their document.
pub(crate) struct Routes(OpenApiRouter<Front>);

impl Routes {
    pub(crate) fn new(document: utoipa::openapi::OpenApi) -> Self {
        Self(OpenApiRouter::with_openapi(document))
    }

    /// Answers the documented path with and without a trailing slash, without a redirect.
    pub(crate) fn add(self, routes: UtoipaMethodRouter<Front>) -> Self {
        let (schemas, paths, methods) = routes;
        let others: Vec<String> = paths.paths.keys().map(|path| other_spelling(path)).collect();
        let router = self.0.routes((schemas, paths, methods.clone()));
        Self(others.iter().fold(router, |router, path| router.route(path, methods.clone())))
    }

    pub(crate) fn into_parts(self) -> (axum::Router<Front>, utoipa::openapi::OpenApi) {
        self.0.split_for_parts()
    }
}

fn other_spelling(path: &str) -> String {
    path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned)
}
