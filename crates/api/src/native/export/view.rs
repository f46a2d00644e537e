//! What is kept about somebody, on the wire.

use domain::{SessionId, Timestamp};
use operations::accounts::Export;
use operations::jobs::JobRecord;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::native::admin::EntryView;
use crate::native::session_list::SessionsView;
use crate::native::user::UserView;

#[derive(Serialize, ToSchema)]
#[schema(title = "Export")]
pub(super) struct ExportView {
    #[schema(format = DateTime)]
    exported_at: String,
    account: UserView,
    #[serde(flatten)]
    sessions: SessionsView,
    /// From what the account was signed in to lately.
    devices: Vec<DeviceView>,
    /// What was promised to be done, such as mails, and what became of it.
    jobs: Vec<ExportedJobView>,
    /// What happened, the newest first. Whence others did something is not told.
    pub(super) events: Vec<EntryView>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "ExportedDevice")]
pub(super) struct DeviceView {
    #[schema(format = DateTime)]
    first_seen_at: String,
    #[schema(format = DateTime)]
    last_seen_at: String,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "ExportedJob")]
pub(super) struct ExportedJobView {
    id: Uuid,
    #[schema(example = "deliver_mail")]
    kind: String,
    /// Which mail it is, where it is one.
    #[schema(example = "restoration")]
    message: Option<String>,
    /// `ready`, `running`, `done` or `parked`.
    #[schema(example = "done")]
    state: String,
    attempts: i64,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it is or was due.
    #[schema(format = DateTime)]
    run_at: String,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

impl ExportView {
    /// Without events, which follow piece by piece.
    pub(super) fn head(export: &Export, current: SessionId) -> Self {
        let device = |(first, last): &(Timestamp, Timestamp)| DeviceView {
            first_seen_at: first.to_rfc3339(),
            last_seen_at: last.to_rfc3339(),
        };
        Self {
            exported_at: export.exported_at.to_rfc3339(),
            account: UserView::from(&export.user),
            sessions: SessionsView::new(&export.sessions, current),
            devices: export.devices.iter().map(device).collect(),
            jobs: export.jobs.iter().map(ExportedJobView::from).collect(),
            events: Vec::new(),
        }
    }
}

impl From<&JobRecord> for ExportedJobView {
    fn from(job: &JobRecord) -> Self {
        Self {
            id: job.id.0,
            kind: job.kind.clone(),
            message: job.message.clone(),
            state: job.state.as_str().to_owned(),
            attempts: job.attempts,
            created_at: job.created_at.to_rfc3339(),
            run_at: job.run_at.to_rfc3339(),
            finished_at: job.finished_at.map(Timestamp::to_rfc3339),
        }
    }
}
