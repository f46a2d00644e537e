//! Each account by itself, in a transaction of its own: what one refuses stops no other.

use domain::{Refusal, UserId};
use storage::users;
use tokio::time::Instant;

use super::chosen::{Chosen, chosen};
use super::{Bulk, BulkAction, BulkCursor};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::services::Services;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkRun {
    pub changed: usize,
    /// It was so already.
    pub unchanged: usize,
    pub failed: Vec<BulkFailure>,
    /// Of those who are expected, so many were not looked at: time was over, or the database did
    /// not answer.
    pub left: usize,
    /// Where to go on; none at the end.
    pub next: Option<BulkCursor>,
    /// Whether the database did not answer.
    pub broke_off: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkFailure {
    pub id: UserId,
    /// The code of the refusal.
    pub code: &'static str,
}

impl BulkRun {
    /// What was done after this.
    pub fn add(&mut self, more: Self) {
        self.changed += more.changed;
        self.unchanged += more.unchanged;
        self.failed.extend(more.failed);
        (self.left, self.next, self.broke_off) = (more.left, more.next, more.broke_off);
    }
}

/// `expected` is the count of the plan, of all from the beginning on: when it fits no more, nothing
/// is done.
pub async fn run_bulk(
    services: &Services,
    ctx: &Context,
    bulk: &Bulk,
    expected: usize,
) -> Result<BulkRun> {
    let Chosen { some, next, count } = chosen(services, ctx, bulk).await?;
    bulk.action.ensure_fresh(services, ctx)?;
    // Where time was over before all were found, others may follow.
    let is_as_expected = if next.is_none() { count == expected } else { count <= expected };
    if !is_as_expected {
        return Err(Refusal::SelectionChanged { count }.into());
    }
    let deadline = Instant::now() + bulk.patience;
    let (mut run, mut done) = (BulkRun { next, ..BulkRun::default() }, bulk.after);
    for one in some {
        if done != bulk.after && Instant::now() >= deadline {
            run.next = Some(done);
            break;
        }
        match Box::pin(change(services, ctx, &bulk.action, one.id)).await {
            Ok(true) => run.changed += 1,
            Ok(false) => run.unchanged += 1,
            Err(Error::Refused(refusal)) => {
                run.failed.push(BulkFailure { id: one.id, code: refusal.code() });
            }
            Err(error @ Error::Fault(_)) => {
                // Nothing was done to this one; what was done before is told.
                tracing::error!(error = error.chain(), user = %one.id, "a bulk change broke off");
                (run.next, run.broke_off) = (Some(done), true);
                break;
            }
        }
        done = one.after;
    }
    run.left = expected - done.count;
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
