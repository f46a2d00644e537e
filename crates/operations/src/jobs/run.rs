//! Lease the next job and do it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use storage::jobs::{self, Lane, LeasedJob};
use tokio::time::{Instant, sleep_until};

use super::carry_out::carry_out;
use super::failure::{Done, Failure};
use super::settle::settle;
use crate::error::Result;
use crate::services::Services;

/// A worker that is silent for so long is taken for dead.
pub(super) const LEASE: Duration = Duration::from_mins(2);

/// What came of looking for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing is due.
    Idle,
    Ran,
    /// It ran, and whoever takes messages answered.
    Passed,
    /// It ran, and nothing got through.
    Unreachable,
}

/// Runs every job that is due now; answers how many ran.
pub async fn run_due(services: &Services) -> Result<u64> {
    let mut ran = 0;
    loop {
        let before = ran;
        for lane in Lane::ALL {
            while run_next(services, lane, LEASE, std::future::pending()).await? != Step::Idle {
                ran += 1;
            }
        }
        // Work may have promised mail.
        if ran == before {
            return Ok(ran);
        }
    }
}

/// `stop` resolves when whoever runs it waits no longer.
pub(super) async fn run_next(
    services: &Services,
    lane: Lane,
    lease: Duration,
    stop: impl Future<Output = ()>,
) -> Result<Step> {
    // Before the lease begins: a process that is stopped right here and goes on later must not
    // believe that it has the whole of it before it.
    let begun = Instant::now();
    let deadline = begun + lease * 3 / 4;
    let ctx = services.system();
    if !jobs::is_due(&mut services.store.read().await?, lane, ctx.now).await? {
        return Ok(Step::Idle);
    }
    let leased: Option<LeasedJob> =
        transact!(services, |tx| { jobs::lease_next(tx, lane, ctx.now, ctx.now + lease).await? })?;
    let Some(job) = leased else { return Ok(Step::Idle) };
    // Nobody came back to say how it went: it must not take down every worker for ever.
    let outcome = if job.attempts > job.max_attempts {
        Err(Failure::Never("every worker that tried it died".to_owned()))
    } else {
        within(deadline, stop, unharmed(Box::pin(carry_out(services, &ctx, &job)))).await
    };
    settle(services, &job, &outcome, begun + lease).await?;
    Ok(match outcome {
        Ok(Done::Sent) | Err(Failure::Declined { .. }) => Step::Passed,
        Err(Failure::Unreachable(_)) if lane != Lane::Work => Step::Unreachable,
        Ok(Done::Fully | Done::Needless(_)) | Err(_) => Step::Ran,
    })
}

/// A job that panics is one that failed: others of this process go on.
async fn unharmed(work: impl Future<Output = Result<Done, Failure>>) -> Result<Done, Failure> {
    let work = AssertUnwindSafe(work).catch_unwind();
    work.await.unwrap_or_else(|_| Err(Failure::Later("it panicked".to_owned())))
}

/// The deadline is looked at first: work that sleeps past it, because its process did, does nothing
/// more.
async fn within(
    deadline: Instant,
    stop: impl Future<Output = ()>,
    work: impl Future<Output = Result<Done, Failure>>,
) -> Result<Done, Failure> {
    tokio::select! {
        biased;
        () = sleep_until(deadline) => Err(Failure::Later("took too long".to_owned())),
        outcome = work => outcome,
        () = stop => Err(Failure::Stopped),
    }
}
