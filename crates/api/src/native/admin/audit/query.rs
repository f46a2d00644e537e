//! `?actor=…&target=…&action=…&since=…&until=…&cursor=…&limit=…`

use axum::extract::FromRequestParts;
use domain::{Timestamp, UserId};
use http::request::Parts;
use operations::audit::Question;
use url::form_urlencoded;
use uuid::Uuid;

use crate::kit::{Failure, Front, QueryFault, QueryProblem, Rejection};
use crate::native::problem::Native;

const MOST: i64 = 200;

#[derive(Default)]
pub(super) struct AuditQuery(pub(super) Question);

impl FromRequestParts<Front> for AuditQuery {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Self::Rejection> {
        let mut question = Question::default();
        let mut problems = Vec::new();
        let pairs = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        for (name, value) in pairs {
            let read = match &*name {
                "actor" => id(&value).map(|id| question.actor = Some(id)),
                "target" => id(&value).map(|id| question.target = Some(UserId(id))),
                "action" => {
                    question.action = Some(value.to_string());
                    Ok(())
                }
                "since" => time(&value).map(|at| question.since = Some(at)),
                "until" => time(&value).map(|at| question.until = Some(at)),
                "cursor" => cursor(&value).map(|id| question.after = Some(id)),
                "limit" => limit(&value).map(|limit| question.limit = limit),
                _ => Ok(()),
            };
            if let Err((name, fault)) = read.map_err(|fault| (known(&name), fault)) {
                problems.push(QueryProblem { name: name.into(), sent: value.to_string(), fault });
            }
        }
        if problems.is_empty() {
            Ok(Self(question))
        } else {
            Err(Rejection::Query(problems).into())
        }
    }
}

/// What is no id becomes nil, which is nobody's.
#[expect(clippy::unnecessary_wraps, reason = "one shape for all parameters")]
fn id(text: &str) -> Result<Uuid, QueryFault> {
    Ok(Uuid::parse_str(text).unwrap_or_default())
}

fn cursor(text: &str) -> Result<Uuid, QueryFault> {
    Uuid::parse_str(text).map_err(|_| QueryFault::NotACursor)
}

fn time(text: &str) -> Result<Timestamp, QueryFault> {
    Timestamp::parse_rfc3339(text).ok_or(QueryFault::NotATime)
}

fn limit(text: &str) -> Result<i64, QueryFault> {
    match text.parse() {
        Ok(limit) if limit < 1 => Err(QueryFault::Below(1)),
        Ok(limit) if limit > MOST => Err(QueryFault::Above(MOST)),
        Ok(limit) => Ok(limit),
        Err(_) => Err(QueryFault::NotAnInteger),
    }
}

fn known(name: &str) -> &'static str {
    let known = ["since", "until", "cursor", "limit"];
    known.into_iter().find(|known| *known == name).unwrap_or("query")
}
