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

/// What went wrong before is of use to whoever looks at it.
fn reason(last_error: Option<&str>) -> String {
    match last_error {
        Some(error) if !error.starts_with(BY_HAND) => format!("{BY_HAND}; before: {error}"),
        Some(error) => error.to_owned(),
        None => BY_HAND.to_owned(),
    }
}

/// Nobody does it until it is run again.
pub async fn park(services: &Services, ctx: &Context, id: JobId) -> Result<JobRecord> {
    transact!(services, |tx| {
        authority::asking(ctx, tx, Permission::JobsManage).await?;
        authority::ensure_fresh(services, ctx)?;
        let before = jobs::find(tx, id).await?.ok_or(Refusal::JobNotFound)?;
        let reason = reason(before.last_error.as_deref());
        if !jobs::set_aside(tx, id, ctx.now, &reason).await? {
            return Err(Refusal::JobNotWaiting.into());
        }
        let values = Values::of_job(before.state, State::Parked);
        services.note_change(ctx, tx, &id.to_string(), &values).await?;
        jobs::find(tx, id).await?.ok_or(Refusal::JobNotFound)?
    })
}
