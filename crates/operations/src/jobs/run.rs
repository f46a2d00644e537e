//! Lease the next job, do it, say how it went.

use std::time::Duration;

use storage::jobs::{self, LeasedJob};

use super::carry_out::carry_out;
use super::failure::Failure;
use crate::context::Context;
use crate::error::Result;
use crate::mail::ACCOUNT_ERASED;
use crate::services::Services;

/// A worker that is silent for so long is taken for dead. Longer than any job may take.
const LEASE: Duration = Duration::from_mins(2);
/// No job runs longer: its lease is then still ours.
const LONGEST_RUN: Duration = Duration::from_secs(90);
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_hours(4);

/// Runs every job that is due now; answers how many ran.
pub async fn run_due(services: &Services) -> Result<u64> {
    let mut ran = 0;
    while run_next(services).await? {
        ran += 1;
    }
    Ok(ran)
}

/// False when nothing is due.
pub(super) async fn run_next(services: &Services) -> Result<bool> {
    let ctx = services.system();
    if !jobs::is_due(&mut services.store.read().await?, ctx.now).await? {
        return Ok(false);
    }
    let leased: Option<LeasedJob> =
        transact!(services, |tx| { jobs::lease_next(tx, ctx.now, ctx.now + LEASE).await? })?;
    let Some(job) = leased else { return Ok(false) };
    if job.attempts > job.max_attempts {
        // Nobody came back to say how it went: it must not take down every worker for ever.
        let outcome = Err(Failure::Never("every worker that tried it died".to_owned()));
        settle(services, &ctx, &job, outcome).await?;
        return Ok(true);
    }
    let outcome =
        tokio::time::timeout(LONGEST_RUN, carry_out(services, &ctx, job.id, &job.payload))
            .await
            .unwrap_or_else(|_| Err(Failure::Later("took too long".to_owned())));
    settle(services, &services.system(), &job, outcome).await?;
    Ok(true)
}

async fn settle(
    services: &Services,
    ctx: &Context,
    job: &LeasedJob,
    outcome: Result<(), Failure>,
) -> Result<()> {
    let kind = job.kind.clone();
    let result = match &outcome {
        Ok(()) => "done",
        Err(Failure::Later(_)) if job.attempts < job.max_attempts => "retried",
        Err(Failure::Later(_) | Failure::Never(_)) => "parked",
    };
    metrics::counter!("vestibule_jobs_total", "kind" => kind, "outcome" => result).increment(1);
    // Of an erased account nothing is kept, not even the address in an answer of a mail server.
    let is_last = job.message.as_deref() == Some(ACCOUNT_ERASED);
    let shown = |reason| if is_last { "the mail was not accepted" } else { reason };
    let held: bool = transact!(services, |tx| {
        match &outcome {
            Ok(()) => jobs::finish(tx, job, ctx.now).await?,
            Err(Failure::Later(reason)) if job.attempts < job.max_attempts => {
                let run_at = ctx.now + pause(services, job.attempts);
                jobs::retry(tx, job, run_at, shown(reason)).await?
            }
            Err(Failure::Later(_) | Failure::Never(_)) if is_last => {
                jobs::give_up(tx, job, ctx.now, shown("")).await?
            }
            Err(Failure::Later(reason) | Failure::Never(reason)) => {
                jobs::park(tx, job, ctx.now, reason).await?
            }
        }
    })?;
    match outcome {
        Err(Failure::Later(reason) | Failure::Never(reason)) => {
            tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, reason, result, "job failed");
        }
        Ok(()) if !held => tracing::warn!(job = %job.id, kind = job.kind, "job was overtaken"),
        Ok(()) => tracing::debug!(job = %job.id, kind = job.kind, "job done"),
    }
    Ok(())
}

/// Doubles with each attempt up to four hours, spread by up to a quarter so that jobs which
/// failed together do not return together.
fn pause(services: &Services, attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    let [chance] = services.entropy.bytes::<1>();
    pause + pause.mul_f64(f64::from(chance) / 1024.0)
}
