//! What happens around every request; the layer named last is the outermost.

mod audit;
mod cors;
mod deadline;
mod dress;
mod headers;
mod learned;
mod limit;
mod panic;
mod trace;

pub(super) use dress::put_on;
pub use headers::secure;
pub(crate) use learned::Learned;
pub(super) use limit::Limits;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::MethodRouter;
use tower::util::option_layer;

use super::dialect::Dialect;
use super::request_id;
use super::state::Front;

/// Around the routes of one path of a surface: what no handler could answer is answered in the
/// words of `D`, and carries the headers of `D`.
pub(super) fn around_path<D: Dialect>(
    router: MethodRouter<Front>,
    front: &Front,
    path: &str,
    allow: Arc<str>,
) -> MethodRouter<Front> {
    let router = router
        .layer::<_, Infallible>(from_fn_with_state(front.clone(), deadline::deadline::<D>))
        .layer::<_, Infallible>(panic::catch::<D>());
    let is_administration = D::ADMINISTRATION.is_some_and(|prefix| path.starts_with(prefix));
    let router = if is_administration {
        router.layer::<_, Infallible>(from_fn_with_state(front.clone(), audit::audit::<D>))
    } else {
        router
    };
    router.layer(from_fn_with_state(allow, dress::dress::<D>))
}

/// The innermost: around the claims of one surface to one path.
pub(crate) fn within_limits<D: Dialect>(
    router: MethodRouter<Front>,
    front: &Front,
    limits: Limits,
) -> MethodRouter<Front> {
    if limits.is_empty() {
        return router;
    }
    router.layer(from_fn_with_state((front.clone(), limits), limit::limit::<D>))
}

/// The same around routes that belong to no surface.
pub(crate) fn around_router<D: Dialect>(router: Router, front: &Front) -> Router {
    router
        .layer(from_fn_with_state(front.clone(), deadline::deadline::<D>))
        .layer(panic::catch::<D>())
}

/// Around everything.
pub(crate) fn around_all(router: Router, front: &Front) -> Router {
    router
        .layer(option_layer(cors::cors(&front.settings)))
        .layer(from_fn_with_state(front.clone(), headers::security))
        .layer(from_fn_with_state(front.clone(), trace::trace))
        .layer(from_fn(request_id::assign))
}
