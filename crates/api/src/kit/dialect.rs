//! How a surface speaks.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use domain::token::SecretToken;
use domain::{Refusal, Surface};
use http::HeaderMap;
use http::request::Parts;

use super::answer::Answer;
use super::failure::Failure;
use super::manners::Manners;
use super::rejection::Rejection;
use super::state::Front;

/// Implemented by empty enums: `enum Native {}`. A dialect parses, calls operations and renders;
/// what it must be able to say is here, what its framework does for it in [`Manners`], and nothing
/// else differs between dialects.
pub(crate) trait Dialect: Send + Sync + Sized + 'static {
    /// By whose rules accounts are judged here.
    const SURFACE: Surface;
    type Manners: Manners;
    /// Browsers may send tokens as cookies.
    const COOKIES: bool = false;
    /// Answers tell how much of a limit is left.
    const RATE_LIMIT_HEADERS: bool = false;
    /// Below this path everybody who asks is an administrator at work: limited as one, and kept in
    /// the audit trail.
    const ADMINISTRATION: Option<&'static str> = None;

    /// An operation said no. One exhaustive match: a new refusal does not compile until every
    /// dialect answers it.
    fn refuse(refusal: &Refusal) -> Answer;

    /// The request cannot be read.
    fn reject(rejection: &Rejection) -> Answer;

    /// Something failed that is ours.
    fn fail() -> Answer;

    /// Something that we need does not answer; the same may succeed soon.
    fn unavailable() -> Answer;

    /// The token of the headers, if there is one.
    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection>;

    /// Answers a method that is not routed on a path that is.
    fn other_method(
        _front: Front,
        parts: Parts,
        allow: Arc<str>,
    ) -> impl Future<Output = Response> + Send {
        let rejection = Rejection::MethodNotAllowed { method: parts.method, allow: Some(allow) };
        std::future::ready(Failure::<Self>::from(rejection).into_response())
    }

    /// On which headers of this request its answer depends, where the original says so.
    fn vary(_headers: &HeaderMap) -> Option<&'static str> {
        None
    }
}
