//! The routes of one surface and their document, from one declaration.

use std::collections::HashMap;
use std::marker::PhantomData;

use axum::routing::MethodRouter;
use http::Method;
use operations::limits::Limit;
use utoipa::openapi::{OpenApi, Paths, RefOr, Schema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::dialect::Dialect;
use super::document::{operations, tell_limits};
use super::layers::Limits;
use super::speaker::Speaker;
use super::state::Front;
use super::table::{Claim, Mount};

pub(crate) struct Routes<D> {
    /// Keeps the document; the routes are in `paths`.
    document: OpenApiRouter<Front>,
    schemas: HashMap<String, RefOr<Schema>>,
    paths: Vec<(String, Vec<Method>, MethodRouter<Front>, Limits)>,
    dialect: PhantomData<D>,
}

impl<D: Dialect> Routes<D> {
    pub(crate) fn new(document: OpenApi) -> Self {
        let document = OpenApiRouter::with_openapi(document);
        Self { document, schemas: HashMap::new(), paths: Vec::new(), dialect: PhantomData }
    }

    /// Both spellings of the documented path, with and without a trailing slash, will answer.
    pub(crate) fn add(self, routes: UtoipaMethodRouter<Front>) -> Self {
        self.limited(&[], routes)
    }

    /// The same, with a limit by address for some of the methods.
    ///
    /// Panics when another type has the name of one of theirs: the document would show one for both.
    pub(crate) fn limited(
        mut self,
        limits: &[(Method, Limit)],
        mut routes: UtoipaMethodRouter<Front>,
    ) -> Self {
        let (schemas, documented, router) = &mut routes;
        for (name, schema) in &*schemas {
            let known = self.schemas.entry(name.clone()).or_insert_with(|| schema.clone());
            assert!(known == schema, "two types of this surface are called {name}");
        }
        for (path, item) in &mut documented.paths {
            tell_limits(item, limits);
            let methods = operations(item).map(|(method, _)| method).collect();
            self.paths.push((path.clone(), methods, router.clone(), limits.into()));
        }
        Self { document: self.document.routes(routes), ..self }
    }

    /// Every path below `prefix`. Unknown paths below `territory` are answered by this surface.
    pub(crate) fn mount(self, prefix: &str, territory: &[&str]) -> Mount {
        let claims = self.paths.into_iter().map(|(path, methods, router, limits)| Claim {
            surface: D::SURFACE,
            path: canonical(&format!("{prefix}{path}")),
            methods,
            router,
            limits,
            speaker: Speaker::of::<D>(),
        });
        let territory = territory.iter().map(|path| canonical(&format!("{prefix}{path}")));
        Mount {
            surface: D::SURFACE,
            claims: claims.collect(),
            territory: territory.collect(),
            speaker: Speaker::of::<D>(),
            document: below(prefix, self.document.into_openapi()),
        }
    }
}

/// Without a trailing slash, unless it is all there is.
fn canonical(path: &str) -> String {
    let path = path.trim_end_matches('/');
    if path.is_empty() { "/".to_owned() } else { path.to_owned() }
}

fn below(prefix: &str, mut document: OpenApi) -> OpenApi {
    let paths = std::mem::replace(&mut document.paths, Paths::new());
    for (path, item) in paths.paths {
        document.paths.paths.insert(format!("{prefix}{path}"), item);
    }
    document
}
