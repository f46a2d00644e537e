//! `?since=…&wait=…`

use std::time::Duration;

use axum::extract::FromRequestParts;
use http::request::Parts;
use operations::revocations::Cursor;
use url::form_urlencoded;

use crate::kit::{Failure, Front, QueryFault, QueryProblem, Rejection};
use crate::native::Native;

const LONGEST_WAIT: i64 = 30;

#[derive(Default)]
pub(in crate::native) struct FeedQuery {
    pub(super) since: Option<Cursor>,
    pub(super) wait: Duration,
}

impl FromRequestParts<Front> for FeedQuery {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Self::Rejection> {
        let mut query = Self::default();
        let mut problems = Vec::new();
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        for (name, value) in pairs {
            let problem = |name: &'static str, fault| QueryProblem {
                name: name.into(),
                sent: value.to_string(),
                fault,
            };
            match &*name {
                "since" => match value.parse() {
                    Ok(cursor) => query.since = Some(cursor),
                    Err(_) => problems.push(problem("since", QueryFault::NotACursor)),
                },
                "wait" => match seconds(&value) {
                    Ok(wait) => query.wait = wait,
                    Err(fault) => problems.push(problem("wait", fault)),
                },
                _ => {}
            }
        }
        if problems.is_empty() { Ok(query) } else { Err(Rejection::Query(problems).into()) }
    }
}

fn seconds(text: &str) -> Result<Duration, QueryFault> {
    let seconds: i64 = text.parse().map_err(|_| QueryFault::NotAnInteger)?;
    if seconds > LONGEST_WAIT {
        return Err(QueryFault::Above(LONGEST_WAIT));
    }
    u64::try_from(seconds).map(Duration::from_secs).map_err(|_| QueryFault::Below(0))
}
