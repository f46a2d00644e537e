//! `?final=true`, `?force=true`: what is done only when it is said.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

use crate::kit::{Failure, Front, QueryFault, QueryProblem, Rejection};
use crate::native::problem::Native;

pub(super) trait Named: Send + Sync + 'static {
    const NAME: &'static str;
}

pub(super) enum Final {}
pub(super) enum Force {}

impl Named for Final {
    const NAME: &'static str = "final";
}

impl Named for Force {
    const NAME: &'static str = "force";
}

pub(super) struct Flag<N> {
    pub(super) is_set: bool,
    name: PhantomData<N>,
}

impl<N: Named> FromRequestParts<Front> for Flag<N> {
    type Rejection = Failure<Native>;

    /// Said twice, the last counts.
    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Self::Rejection> {
        let mut is_set = false;
        let query = parts.uri.query().unwrap_or_default();
        for (_, value) in
            form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == N::NAME)
        {
            is_set = match &*value {
                "true" => true,
                "false" => false,
                other => {
                    let fault = QueryFault::NotOneOf(&["true", "false"]);
                    let problem =
                        QueryProblem { name: N::NAME.into(), sent: other.to_owned(), fault };
                    return Err(Rejection::Query(vec![problem]).into());
                }
            };
        }
        Ok(Self { is_set, name: PhantomData })
    }
}
