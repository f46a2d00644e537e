//! A dialect as a value, for the table that holds paths of several.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use futures_util::future::BoxFuture;
use http::Method;
use http::request::Parts;

use super::dialect::Dialect;
use super::failure::Failure;
use super::layers;
use super::manners::Manners;
use super::rejection::Rejection;
use super::state::Front;

/// What the table asks of a dialect.
#[derive(Clone, Copy)]
pub(crate) struct Speaker {
    pub(super) answers_head: bool,
    pub(super) allow: fn(&[Method]) -> String,
    /// Deadline, panic boundary, audit trail and headers around the routes of one path.
    pub(super) wrap: fn(MethodRouter<Front>, &Front, &str, Arc<str>) -> MethodRouter<Front>,
    pub(super) limit: fn(MethodRouter<Front>, &Front, layers::Limits) -> MethodRouter<Front>,
    pub(super) other_method: fn(Front, Parts, Arc<str>) -> BoxFuture<'static, Response>,
    pub(super) not_found: fn(&Parts) -> Response,
}

impl Speaker {
    pub(crate) fn of<D: Dialect>() -> Self {
        Self {
            answers_head: D::Manners::HEAD,
            allow: D::Manners::allow,
            wrap: layers::around_path::<D>,
            limit: layers::within_limits::<D>,
            other_method: |front, parts, allow| Box::pin(D::other_method(front, parts, allow)),
            not_found: not_found::<D>,
        }
    }

    /// Answers every method that the path is not routed for.
    pub(super) fn refuse_methods(
        self,
        allow: Arc<str>,
    ) -> impl Fn(State<Front>, Request) -> BoxFuture<'static, Response> + Clone + Send + Sync {
        move |State(front), request: Request| {
            layers::Learned::unrouted(request.extensions());
            (self.other_method)(front, request.into_parts().0, Arc::clone(&allow))
        }
    }
}

fn not_found<D: Dialect>(parts: &Parts) -> Response {
    layers::Learned::surface(&parts.extensions, D::SURFACE.as_str());
    let mut response = Failure::<D>::from(Rejection::NotFound).into_response();
    layers::put_on::<D>(D::vary(&parts.headers), None, &mut response);
    response
}
