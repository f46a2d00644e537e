//! Write down how a job went.

use std::time::Duration;

use domain::Timestamp;
use storage::Tx;
use storage::jobs::{self, LeasedJob, Retry};
use tokio::time::Instant;

use super::failure::{Done, Failure};
use crate::context::Context;
use crate::error::Result;
use crate::mail::ACCOUNT_ERASED;
use crate::measures;
use crate::services::Services;

const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_hours(4);
/// While nothing gets through: the lane is what waits, and then everything is to go at once.
const LONGEST_OUTAGE_PAUSE: Duration = Duration::from_mins(2);
/// What nothing got through for is tried so long, however often that is.
const OUTAGE_PATIENCE: Duration = Duration::from_hours(48);
/// How often more it is tried each time.
const MORE_ATTEMPTS: i64 = 5;
/// While the database is away, between two tries to write down how it went.
const BETWEEN_WRITES: Duration = Duration::from_millis(500);

/// What becomes of the job.
enum Fate<'a> {
    Done(Option<&'a str>),
    Retried(Retry<'a>),
    Parked(&'a str),
    /// Parked, and emptied.
    GivenUp(&'a str),
    /// Untouched, at its own time.
    PutBack(Timestamp),
    HandedBack,
    Overtaken,
}

/// Again and again while the lease is ours: what is not written down is done once more.
pub(super) async fn settle(
    services: &Services,
    job: &LeasedJob,
    outcome: &Result<Done, Failure>,
    deadline: Instant,
) -> Result<()> {
    loop {
        let ctx = &services.system();
        let fate = fate(services, ctx, job, outcome);
        let is_held: Result<bool> = transact!(services, |tx| { write(ctx, tx, job, &fate).await? });
        match is_held {
            Ok(is_held) => {
                tell(job, &fate, is_held);
                return Ok(());
            }
            Err(error) if Instant::now() + BETWEEN_WRITES < deadline => {
                tracing::warn!(job = %job.id, reason = error.chain(), "a job is not settled yet");
                tokio::time::sleep(BETWEEN_WRITES).await;
            }
            Err(error) => return Err(error),
        }
    }
}

fn fate<'a>(
    services: &Services,
    ctx: &Context,
    job: &LeasedJob,
    outcome: &'a Result<Done, Failure>,
) -> Fate<'a> {
    // Of an erased account nothing is kept, not even the address in an answer of a mail server.
    let is_last = job.message.as_deref() == Some(ACCOUNT_ERASED);
    let shown = |reason| if is_last { "the mail was not accepted" } else { reason };
    let retried = |longest, max_attempts, reason| {
        let run_at = ctx.now + pause(services, job.attempts, longest);
        Fate::Retried(Retry { run_at, max_attempts, error: shown(reason) })
    };
    let parked = |reason| {
        if is_last { Fate::GivenUp(shown(reason)) } else { Fate::Parked(reason) }
    };
    let has_more = job.attempts < job.max_attempts;
    let is_young = ctx.now.since(job.created_at) < OUTAGE_PATIENCE;
    match outcome {
        Ok(Done::Fully | Done::Sent) => Fate::Done(None),
        Ok(Done::Needless(why)) => Fate::Done(Some(why)),
        Err(Failure::Later(reason) | Failure::Declined { reason, is_for_good: false })
            if has_more =>
        {
            retried(LONGEST_PAUSE, job.max_attempts, reason)
        }
        Err(Failure::Unreachable(reason)) if has_more => {
            retried(LONGEST_OUTAGE_PAUSE, job.max_attempts, reason)
        }
        Err(Failure::Unreachable(reason)) if is_young => {
            retried(LONGEST_OUTAGE_PAUSE, job.attempts + MORE_ATTEMPTS, reason)
        }
        Err(
            Failure::Later(reason)
            | Failure::Unreachable(reason)
            | Failure::Never(reason)
            | Failure::Declined { reason, .. },
        ) => parked(reason),
        Err(Failure::NotYet(run_at)) => Fate::PutBack(*run_at),
        Err(Failure::Stopped) => Fate::HandedBack,
        Err(Failure::Overtaken) => Fate::Overtaken,
    }
}

/// False when the lease was lost.
async fn write(ctx: &Context, tx: &mut Tx, job: &LeasedJob, fate: &Fate<'_>) -> Result<bool> {
    Ok(match fate {
        Fate::Done(note) => jobs::finish(tx, job, ctx.now, *note).await?,
        Fate::Retried(retry) => jobs::retry(tx, job, *retry).await?,
        Fate::Parked(reason) => jobs::park(tx, job, ctx.now, reason).await?,
        Fate::GivenUp(reason) => jobs::give_up(tx, job, ctx.now, reason).await?,
        Fate::PutBack(run_at) => jobs::hand_back(tx, job, *run_at).await?,
        Fate::HandedBack => jobs::hand_back(tx, job, ctx.now).await?,
        Fate::Overtaken => false,
    })
}

fn tell(job: &LeasedJob, fate: &Fate<'_>, is_held: bool) {
    let (kind, attempt) = (job.kind.clone(), job.attempts);
    let outcome = match fate {
        _ if !is_held => "overtaken",
        Fate::Done(None) => "done",
        Fate::Done(Some(_)) => "needless",
        Fate::Retried(_) => "retried",
        Fate::Parked(_) | Fate::GivenUp(_) => "parked",
        Fate::HandedBack | Fate::PutBack(_) => "handed_back",
        Fate::Overtaken => "overtaken",
    };
    metrics::counter!(measures::JOBS_SETTLED, "kind" => kind.clone(), "outcome" => outcome)
        .increment(1);
    match fate {
        _ if !is_held => tracing::warn!(job = %job.id, kind, attempt, "job was overtaken"),
        Fate::Retried(Retry { error: reason, .. })
        | Fate::Parked(reason)
        | Fate::GivenUp(reason) => {
            tracing::warn!(job = %job.id, kind, attempt, reason, outcome, "job failed");
        }
        Fate::Done(Some(reason)) => {
            tracing::info!(job = %job.id, kind, attempt, reason, outcome, "job was needless");
        }
        Fate::Done(None) => tracing::debug!(job = %job.id, kind, "job done"),
        Fate::HandedBack | Fate::PutBack(_) => {
            tracing::info!(job = %job.id, kind, attempt, "job handed back");
        }
        // Nothing was written: it is not held.
        Fate::Overtaken => {}
    }
}

/// Doubles with each attempt up to the longest, spread by up to a quarter so that jobs which failed
/// together do not return together.
fn pause(services: &Services, attempts: i64, longest: Duration) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(longest);
    let [chance] = services.entropy.bytes::<1>();
    pause + pause.mul_f64(f64::from(chance) / 1024.0)
}
