//! The pages to which links in mails and text messages lead: plain HTML, without scripts.
//!
//! A page that is opened shows a button and consumes nothing, for mail scanners open links, too
//! (RCV-04). The token stands in an address that neither our log nor a referrer tells; the button
//! sends it in the body.

mod language;
mod page;
mod recover;
mod render;
mod restore;
mod sent;
mod take_back;
mod verify;
mod words;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use http::Method;
use operations::limits::Limit;

use crate::kit::layers::{around_router, within_limits};
use crate::kit::{Failure, Front, Rejection};
use crate::native::Native;

/// Both spellings of each path. What no handler answers is a page as well.
pub(crate) fn router(front: &Front) -> Router {
    let limited = |route: MethodRouter<Front>| {
        within_limits::<Native>(route, front, [(Method::POST, Limit::Restore)].into())
    };
    let routes = [
        ("verify-email", limited(get(verify::ask_email).post(verify::email))),
        ("verify-phone", limited(get(verify::ask_phone).post(verify::phone))),
        ("recover", limited(get(recover::ask).post(recover::begin))),
        ("password", limited(post(recover::set_password))),
        ("take-back", limited(get(take_back::ask).post(take_back::take_back))),
        ("restore", limited(get(restore::ask).post(restore::restore))),
    ];
    let router = routes.into_iter().fold(Router::new(), |router, (name, route)| {
        router
            .route(&format!("/link/{name}"), route.clone())
            .route(&format!("/link/{name}/"), route)
    });
    let router = router
        .route("/link/{*page}", axum::routing::any(not_found))
        .method_not_allowed_fallback(other_method)
        .with_state(front.clone());
    around_router::<Native>(router, front).layer(from_fn_with_state(front.clone(), render::as_page))
}

async fn not_found() -> Failure<Native> {
    Rejection::NotFound.into()
}

async fn other_method(method: Method) -> Failure<Native> {
    Rejection::MethodNotAllowed { method, allow: None }.into()
}
