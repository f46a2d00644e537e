//! Run a job again: one that was parked, or one that waits for its next attempt.

use domain::{JobId, Permission, Refusal};
use storage::jobs::{self, JobRecord, State};

use crate::audit::Values;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Due at once, with all its attempts before it.
pub async fn retry(services: &Services, ctx: &Context, id: JobId) -> Result<JobRecord> {
    transact!(services, |tx| {
        authority::asking(ctx, tx, Permission::JobsManage).await?;
        authority::ensure_fresh(services, ctx)?;
        let before = jobs::find(tx, id).await?.ok_or(Refusal::JobNotFound)?;
        if !jobs::run_again(tx, id, ctx.now).await? {
            return Err(Refusal::JobNotWaiting.into());
        }
        let values = Values::of_job(before.state, State::Ready);
        services.note_change(ctx, tx, &id.to_string(), &values).await?;
        jobs::find(tx, id).await?.ok_or(Refusal::JobNotFound)?
    })
}
