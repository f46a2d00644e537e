//! How a surface speaks.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use domain::token::SecretToken;
use domain::{Field, Refusal, Surface};
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::Value;

use super::answer::Answer;
use super::body::SentBody;
use super::failure::Failure;
use super::fields::FieldRules;
use super::rejection::Rejection;
use super::state::Front;

/// Implemented by empty enums: `enum Native {}`. A dialect parses, calls operations and renders;
/// what it must be able to say is here, and nothing else differs between dialects.
pub(crate) trait Dialect: Send + Sync + Sized + 'static {
    /// By whose rules accounts are judged here.
    const SURFACE: Surface;
    const FIELDS: FieldRules;
    /// Browsers may send tokens as cookies.
    const COOKIES: bool = false;
    /// Whether HEAD is answered where GET is.
    const HEAD: bool = true;
    /// Whether a body that cannot be read is refused before the token is looked at.
    const BODY_FIRST: bool = false;

    /// An operation said no. One exhaustive match: a new refusal does not compile until every
    /// dialect answers it.
    fn refuse(refusal: &Refusal) -> Answer;

    /// The request cannot be read.
    fn reject(rejection: &Rejection) -> Answer;

    /// Something failed that is ours.
    fn fail() -> Answer;

    /// Something that we need does not answer; the same may succeed soon.
    fn unavailable() -> Answer;

    /// What the field is called on the wire.
    fn field_name(field: Field) -> &'static str;

    /// The token of the headers, if there is one.
    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection>;

    /// The body as a value. An empty one is what the original takes it for.
    fn read_body(body: SentBody) -> impl Future<Output = Result<Value, Rejection>> + Send;

    /// The value of `Allow` where these methods are routed.
    fn allow(methods: &[Method]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for method in methods {
            names.push(method.as_str());
            if *method == Method::GET && Self::HEAD {
                names.push("HEAD");
            }
        }
        names.join(", ")
    }

    /// Answers a method that is not routed on a path that is.
    fn other_method(
        _front: Front,
        parts: Parts,
        allow: Arc<str>,
    ) -> impl Future<Output = Response> + Send {
        let rejection = Rejection::MethodNotAllowed { method: parts.method, allow: Some(allow) };
        std::future::ready(Failure::<Self>::from(rejection).into_response())
    }

    /// An answer that is due before anything else is looked at, the credentials included.
    fn before(_headers: &HeaderMap) -> Option<Answer> {
        None
    }

    /// On which headers of this request its answer depends, where the original says so.
    fn vary(_headers: &HeaderMap) -> Option<&'static str> {
        None
    }

    /// Headers that every answer carries, refusals included. `allow` is of the path, if it is
    /// routed.
    fn dress(_allow: Option<&str>, _response: &mut Response) {}
}
