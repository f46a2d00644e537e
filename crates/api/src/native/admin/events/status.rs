//! `GET /api/v1/admin/events/status`: how the log and those who are told of it are.

use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use operations::events::{self, LogStatus, SinkStatus};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::{Failure, Front};
use crate::native::admin::permitted::{Permitted, ToReadJobs};
use crate::native::problem::{Native, PROBLEM, Problem};

#[derive(Serialize, ToSchema)]
#[schema(title = "EventLogStatus")]
pub(super) struct LogStatusView {
    /// Whether an instance numbers the log and relays it.
    led: bool,
    /// The number that an event was given last.
    head: i64,
    /// Events that have no number yet.
    unnumbered: i64,
    /// Of the first event that is kept.
    #[schema(format = DateTime)]
    oldest: Option<String>,
    /// Who keeps events beyond `events.keep`: they did not take them yet.
    held_by: Vec<String>,
    /// Since when no commands of other services come, where they are to.
    #[schema(format = DateTime)]
    commands_failing_since: Option<String>,
    commands_failing_reason: Option<String>,
    sinks: Vec<SinkView>,
    /// Events that somebody refused for good, the newest ones.
    dead_letters: Vec<DeadLetterView>,
}

/// Somebody who is told of events: a topic of Kafka, or a webhook.
#[derive(Serialize, ToSchema)]
#[schema(title = "EventSink")]
struct SinkView {
    #[schema(example = "kafka")]
    name: String,
    /// `active`, `paused`, or `unset`: a topic that is not in the settings.
    #[schema(example = "active")]
    state: &'static str,
    /// Everything up to it was taken.
    position: i64,
    lag: i64,
    /// How long the first event that was not taken waits.
    waits_seconds: Option<u64>,
    #[schema(format = DateTime)]
    failing_since: Option<String>,
    failing_reason: Option<String>,
    dead_letters: i64,
    open_replays: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "EventDeadLetter")]
struct DeadLetterView {
    sink: String,
    /// Which event; below 0 the number of an account whose state was told by itself.
    position: i64,
    reason: String,
    #[schema(format = DateTime)]
    parked_at: String,
}

/// Show who is told of events
///
/// How far each of them is, what waits, and what was refused; as `vestibule events status` does.
#[utoipa::path(
    get, path = "/api/v1/admin/events/status", tag = "administration",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "How the log and they are", body = LogStatusView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission jobs:read", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn read_event_status(
    State(front): State<Front>,
    permitted: Permitted<ToReadJobs>,
) -> Result<Json<LogStatusView>, Failure<Native>> {
    let status = events::status(&front.services, &permitted.ctx).await?;
    Ok(Json(status.into()))
}

impl From<LogStatus> for LogStatusView {
    fn from(status: LogStatus) -> Self {
        let dead_letters = status.dead_letters.into_iter().map(|letter| DeadLetterView {
            sink: letter.sink,
            position: letter.position,
            reason: letter.reason,
            parked_at: letter.parked_at.to_rfc3339(),
        });
        let (commands_failing_since, commands_failing_reason) = status.commands_failing.unzip();
        Self {
            commands_failing_since: commands_failing_since.map(Timestamp::to_rfc3339),
            commands_failing_reason,
            held_by: status.held_by,
            led: status.is_led,
            head: status.head,
            unnumbered: status.unnumbered,
            oldest: status.oldest.map(Timestamp::to_rfc3339),
            sinks: status.sinks.into_iter().map(SinkView::from).collect(),
            dead_letters: dead_letters.collect(),
        }
    }
}

impl From<SinkStatus> for SinkView {
    fn from(sink: SinkStatus) -> Self {
        let (failing_since, failing_reason) = sink.failing.unzip();
        Self {
            name: sink.name,
            state: sink.standing.as_str(),
            position: sink.position,
            lag: sink.lag,
            waits_seconds: sink.waits.map(|waits| waits.as_secs()),
            failing_since: failing_since.map(Timestamp::to_rfc3339),
            failing_reason,
            dead_letters: sink.dead_letters,
            open_replays: sink.open_replays,
        }
    }
}
