//! Set a job aside before its time; it waits for a person then.

use domain::{JobId, Permission, Refusal};
use storage::jobs::{self, JobRecord, State};

use crate::audit::Values;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// As its trail says it.
const BY_HAND: &str = "set aside by hand";

/// Nobody does it until it is run again.
pub async fn park(services: &Services, ctx: &Context, id: JobId) -> Result<JobRecord> {
    transact!(services, |tx| {
        authority::asking(ctx, tx, Permission::JobsManage).await?;
        authority::ensure_fresh(services, ctx)?;
        let before = jobs::find(tx, id).await?.ok_or(Refusal::JobNotFound)?;
        if !jobs::set_aside(tx, id, ctx.now, BY_HAND).await? {
            return Err(Refusal::JobNotWaiting.into());
        }
        let values = Values::of_job(before.state, State::Parked);
        services.note_change(ctx, tx, &id.to_string(), &values).await?;
        jobs::find(tx, id).await?.ok_or(Refusal::JobNotFound)?
    })
}
