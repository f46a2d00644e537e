//! Why a request cannot be read, before any operation is asked.

use std::borrow::Cow;
use std::sync::Arc;

use domain::{Refusal, Rule};
use http::Method;
use serde_json::Value;

use super::fields::{FieldProblem, Shape};

#[derive(Clone, Debug)]
pub(crate) enum Rejection {
    /// Not JSON: the text says where.
    MalformedJson(JsonFault),
    /// The bytes are not text, or not one that stands for a document.
    UndecodableText(String),
    /// A form that is none.
    UndecodableForm(&'static str),
    /// JSON in which a key stands twice in one object: nobody knows which counts.
    DuplicateKey(FieldProblem),
    /// A field of the body stands in the query of the address.
    FieldInQuery(FieldProblem),
    /// A token in the header and one in the query (RFC 6750 §2).
    TokenTwice,
    /// The header that should carry a token has another form.
    AuthorizationHeader,
    /// JSON, but not an object; `null` also stands for no body at all.
    NotAnObject {
        found: Value,
    },
    /// An object, but not with these fields. `sent` is the object, for dialects that repeat it.
    Fields {
        problems: Vec<FieldProblem>,
        sent: Value,
    },
    /// Parameters in the query of the address.
    Query(Vec<QueryProblem>),
    UnsupportedMediaType {
        media_type: String,
    },
    /// None of the media types that there are is one that the client takes.
    NotAcceptable {
        offered: &'static [&'static str],
    },
    BodyTooLarge {
        limit: usize,
    },
    BodyTooSlow,
    BodyUnreadable,
    /// A page of another site sent the browser's cookies.
    ForeignOrigin,
    NotFound,
    MethodNotAllowed {
        method: Method,
        /// None where the router fills it in.
        allow: Option<Arc<str>>,
    },
}

impl Rejection {
    /// The code under which a broken rule counts, where a surface found it with all that is wrong
    /// before it asked the operation.
    pub(super) fn broken_rule(&self) -> Option<&'static str> {
        let Self::Fields { problems, .. } = self else { return None };
        let breaks = |problem: &FieldProblem| matches!(problem.shape, Shape::Breaks(_));
        problems.iter().any(breaks).then(|| Refusal::Invalid(Vec::new()).code())
    }
}

/// Where a text stops being JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonFault {
    pub(crate) message: String,
    /// In characters, from 0.
    pub(crate) position: usize,
    /// From 1.
    pub(crate) line: usize,
    /// From 1.
    pub(crate) column: usize,
}

/// A parameter of the query that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueryProblem {
    pub(crate) name: Cow<'static, str>,
    pub(crate) sent: String,
    pub(crate) fault: QueryFault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum QueryFault {
    NotAnInteger,
    Below(i64),
    Above(i64),
    NotOneOf(&'static [&'static str]),
    /// Not what an earlier answer told as `next`.
    NotACursor,
    /// Neither true nor false.
    NotABoolean,
    NotATime,
    /// Of a body: what no text stands for.
    NotText,
    /// No parameter of this path.
    Unknown,
    /// Stands twice.
    Twice,
    /// Says the same as another parameter that is there too.
    Superfluous,
    Breaks(Rule),
}
