//! `?after=…&limit=…&wait=…&type=…&user=…`

use std::time::Duration;

use axum::extract::FromRequestParts;
use domain::UserId;
use domain::event::EventKind;
use http::request::Parts;
use operations::events::{Cursor, EventFilter, Start};
use url::form_urlencoded;
use uuid::Uuid;

use crate::kit::{Failure, Front, QueryFault};
use crate::native::parameters::Parameters;
use crate::native::problem::Native;

const PATH: &str = "/api/v1/events";
const LAST_EVENT_ID: &str = "last-event-id";
const LONGEST_WAIT: i64 = 30;
const MOST: usize = 1000;
const USUALLY: usize = 100;
pub(in crate::native) const LISTS: &[&str] = &["type"];

pub(in crate::native) struct FeedQuery {
    pub(super) start: Start,
    /// What a stream that broke off got last.
    pub(super) resumed: Option<Start>,
    pub(super) limit: usize,
    pub(super) wait: Duration,
    pub(super) filter: EventFilter,
    sent: String,
}

impl FromRequestParts<Front> for FeedQuery {
    type Rejection = Failure<Native>;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Self::Rejection> {
        let sent = parts.uri.query().unwrap_or_default().to_owned();
        let mut parameters = Parameters::of_query_with_lists(&sent, LISTS);
        let start =
            parameters.read("after", |text| text.parse().map_err(|_| QueryFault::NotACursor));
        let limit = parameters.count("limit", MOST).unwrap_or(USUALLY);
        let wait = parameters.read("wait", seconds).unwrap_or_default();
        let filter = filter(&mut parameters);
        let resumed = parts.headers.get(LAST_EVENT_ID).and_then(|id| {
            let id = id.to_str().unwrap_or_default();
            let cursor = id.parse().map(Start::After);
            cursor.map_err(|_| parameters.note("Last-Event-ID", id, QueryFault::NotACursor)).ok()
        });
        parameters.finish()?;
        Ok(Self { start: start.unwrap_or_default(), resumed, limit, wait, filter, sent })
    }
}

impl FeedQuery {
    /// The same question, from there.
    pub(super) fn address(&self, after: Cursor) -> String {
        let sent = form_urlencoded::parse(self.sent.as_bytes());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("after", &after.to_string());
        query.extend_pairs(sent.filter(|(name, _)| name != "after" && !name.is_empty()));
        format!("{PATH}?{}", query.finish())
    }
}

/// `type`, as often as is wanted, and `user`.
pub(in crate::native) fn filter(parameters: &mut Parameters) -> EventFilter {
    let kinds = parameters.read("type", |text| {
        let kinds = text.split(',').map(EventKind::parse).collect::<Option<Vec<_>>>();
        kinds.ok_or(QueryFault::NotOneOf(EventKind::NAMES))
    });
    // What is no id is nobody's.
    let user = parameters.take("user");
    let user = user.map(|text| UserId(Uuid::parse_str(&text).unwrap_or_default()));
    EventFilter { user, kinds: kinds.unwrap_or_default() }
}

fn seconds(text: &str) -> Result<Duration, QueryFault> {
    let seconds: i64 = text.parse().map_err(|_| QueryFault::NotAnInteger)?;
    if seconds > LONGEST_WAIT {
        return Err(QueryFault::Above(LONGEST_WAIT));
    }
    u64::try_from(seconds).map(Duration::from_secs).map_err(|_| QueryFault::Below(0))
}
