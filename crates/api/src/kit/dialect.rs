//! How a surface speaks.

use domain::Refusal;

use super::answer::Answer;
use super::fields::{FieldProblem, UnknownFields};

/// Implemented by empty enums: `enum Native {}`. A dialect parses, calls operations and renders;
/// what it must be able to say is here, and nothing else differs between dialects.
pub(crate) trait Dialect: Send + Sync + 'static {
    const UNKNOWN_FIELDS: UnknownFields;

    /// An operation said no. One exhaustive match: a new refusal does not compile until every
    /// dialect answers it.
    fn refuse(refusal: &Refusal) -> Answer;

    /// The request cannot be read.
    fn reject(rejection: &Rejection) -> Answer;

    /// Something failed that is ours.
    fn fail() -> Answer;

    /// Something that we need does not answer; the same may succeed soon.
    fn unavailable() -> Answer;
}

/// Why a request cannot be read.
#[derive(Clone, Debug)]
pub(crate) enum Rejection {
    /// Not JSON: the text says where.
    MalformedJson(String),
    /// JSON in which a key stands twice in one object: nobody knows which counts.
    DuplicateKey(FieldProblem),
    /// A field of the body stands in the query of the address.
    FieldInQuery(FieldProblem),
    /// A token in the header and one in the query (RFC 6750 §2).
    TokenTwice,
    /// JSON, but not an object.
    NotAnObject {
        found: &'static str,
    },
    /// An object, but not with these fields.
    Fields(Vec<FieldProblem>),
    UnsupportedMediaType,
    BodyTooLarge {
        limit: usize,
    },
    BodyTooSlow,
    BodyUnreadable,
    /// A page of another site sent the browser's cookies.
    ForeignOrigin,
    NotFound,
    MethodNotAllowed,
}
