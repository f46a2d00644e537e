//! A job as administrators see it: never what it carries.

use domain::Timestamp;
use operations::jobs::{JobRecord, Page};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(title = "Jobs")]
pub(super) struct JobsView {
    jobs: Vec<JobView>,
    /// The `cursor` of the next request; none at the end.
    next: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Job")]
pub(super) struct JobView {
    id: Uuid,
    #[schema(example = "deliver_mail")]
    kind: String,
    /// Which mail or text message it is, where it is one.
    #[schema(example = "verification")]
    message: Option<String>,
    /// `mail`, `text` or `work`: each has workers of its own.
    #[schema(example = "mail")]
    lane: String,
    /// `ready`, `running`, `done` or `parked`.
    #[schema(example = "parked")]
    state: &'static str,
    /// The account that it is about.
    user_id: Option<Uuid>,
    /// When it is or was due; of a parked one, when it was parked.
    #[schema(format = DateTime)]
    run_at: String,
    attempts: i64,
    /// After so many it is parked.
    max_attempts: i64,
    /// Why the last attempt failed, or why there was nothing to do.
    last_error: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    /// While it runs: until when no other worker takes it.
    #[schema(format = DateTime)]
    leased_until: Option<String>,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

impl From<&Page> for JobsView {
    fn from(page: &Page) -> Self {
        Self { jobs: page.jobs.iter().map(JobView::from).collect(), next: page.next.map(|id| id.0) }
    }
}

impl From<&JobRecord> for JobView {
    fn from(job: &JobRecord) -> Self {
        Self {
            id: job.id.0,
            kind: job.kind.clone(),
            message: job.message.clone(),
            lane: job.lane.clone(),
            state: job.state.as_str(),
            user_id: job.user_id.map(|id| id.0),
            run_at: job.run_at.to_rfc3339(),
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            last_error: job.last_error.clone(),
            created_at: job.created_at.to_rfc3339(),
            leased_until: job.leased_until.map(Timestamp::to_rfc3339),
            finished_at: job.finished_at.map(Timestamp::to_rfc3339),
        }
    }
}
