//! `?state=…&kind=…&user_id=…&cursor=…&limit=…`

use axum::extract::FromRequestParts;
use domain::{JobId, Rule, UserId};
use http::request::Parts;
use operations::jobs::{Question, State};
use uuid::Uuid;

use crate::kit::{Failure, Front, QueryFault};
use crate::native::parameters::Parameters;
use crate::native::problem::Native;

const STATES: &[&str] = &["ready", "running", "done", "parked"];
const MOST: usize = 200;
const LONGEST_KIND: usize = 64;

#[derive(Default)]
pub(super) struct JobsQuery(pub(super) Question);

impl FromRequestParts<Front> for JobsQuery {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Self::Rejection> {
        let mut parameters = Parameters::of_query(parts.uri.query().unwrap_or_default());
        let unless_given = Question::default();
        let question = Question {
            state: parameters
                .read("state", |text| State::parse(text).ok_or(QueryFault::NotOneOf(STATES))),
            kind: parameters.rule("kind", kind),
            // What is no id is nobody's.
            user_id: parameters
                .take("user_id")
                .map(|text| UserId(Uuid::parse_str(&text).unwrap_or_default())),
            after: parameters.read("cursor", |text| {
                Uuid::parse_str(text).map(JobId).map_err(|_| QueryFault::NotACursor)
            }),
            limit: parameters.count("limit", MOST).unwrap_or(unless_given.limit),
        };
        parameters.finish()?;
        Ok(Self(question))
    }
}

/// As kinds are written; there may be none of this name.
fn kind(text: &str) -> Result<String, Rule> {
    if text.len() > LONGEST_KIND {
        return Err(Rule::TooLong { max: LONGEST_KIND });
    }
    let is_kind = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_kind { Ok(text.to_owned()) } else { Err(Rule::ForbiddenCharacter) }
}
