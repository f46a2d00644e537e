//! What happens around every request; the layer named last is the outermost.

mod cors;
mod deadline;
mod headers;
mod panic;
mod trace;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::util::option_layer;

use super::dialect::Dialect;
use super::request_id;
use super::state::Front;

/// Wraps `router`; what no handler could answer is answered in the words of `D`.
pub(crate) fn wrap<D: Dialect>(router: Router, front: &Front) -> Router {
    router
        .layer(from_fn_with_state(front.clone(), deadline::deadline::<D>))
        .layer(panic::catch::<D>())
        .layer(option_layer(cors::cors(&front.settings)))
        .layer(from_fn_with_state(front.clone(), headers::security))
        .layer(from_fn_with_state(front.clone(), trace::trace))
        .layer(from_fn(request_id::assign))
}
