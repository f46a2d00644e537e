//! Each account by itself, in a transaction of its own: what one refuses stops no other.

use domain::{Refusal, UserId};
use storage::users;
use tokio::time::Instant;

use super::chosen::chosen;
use super::{Bulk, BulkAction};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::services::Services;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkRun {
    pub changed: usize,
    /// It was so already.
    pub unchanged: usize,
    pub failed: Vec<BulkFailure>,
    /// Not looked at: time was over, or the database did not answer.
    pub left: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkFailure {
    pub id: UserId,
    /// The code of the refusal.
    pub code: &'static str,
}

/// `expected` is the count of the plan: when it fits no more, nothing is done.
pub async fn run_bulk(
    services: &Services,
    ctx: &Context,
    bulk: &Bulk,
    expected: usize,
) -> Result<BulkRun> {
    let ids = chosen(services, ctx, bulk).await?;
    bulk.action.ensure_fresh(services, ctx)?;
    let count = ids.len();
    if count != expected {
        return Err(Refusal::SelectionChanged { count }.into());
    }
    let deadline = Instant::now() + bulk.patience;
    let mut run = BulkRun::default();
    for (place, id) in ids.into_iter().enumerate() {
        if Instant::now() >= deadline {
            run.left = count - place;
            break;
        }
        match Box::pin(change(services, ctx, &bulk.action, id)).await {
            Ok(true) => run.changed += 1,
            Ok(false) => run.unchanged += 1,
            Err(Error::Refused(refusal)) => {
                run.failed.push(BulkFailure { id, code: refusal.code() });
            }
            Err(error @ Error::Fault(_)) => {
                // Nothing was done to this one; what was done before is told.
                tracing::error!(error = error.chain(), user = %id, "a bulk change broke off");
                run.left = count - place;
                break;
            }
        }
    }
    Ok(run)
}

/// Whether anything changed.
async fn change(
    services: &Services,
    ctx: &Context,
    action: &BulkAction,
    id: UserId,
) -> Result<bool> {
    let before = version(services, id).await?;
    action.apply(services, ctx, id).await?;
    // The end of a session is no change of the account.
    Ok(*action == BulkAction::EndSessions || version(services, id).await? != before)
}

async fn version(services: &Services, id: UserId) -> Result<Option<i64>> {
    let user = users::find(&mut services.store.read().await?, id).await?;
    Ok(user.map(|user| user.version))
}
