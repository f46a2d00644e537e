//! The loop that runs jobs until it is told to stop.

use std::time::Duration;

use storage::jobs;

use super::run::run_next;
use super::sweep;
use crate::error::{Error, Result};
use crate::services::Services;

/// How often to take back what dead workers held.
const TIDY_EVERY: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, Debug)]
pub struct WorkerSettings {
    /// How often to look when nothing wakes us; promises of other nodes are seen this late.
    pub poll_interval: Duration,
}

/// Runs jobs one after another until `stop` resolves; the job at hand is finished first.
pub async fn work(services: &Services, settings: WorkerSettings, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let mut tidy = tokio::time::interval(TIDY_EVERY);
    loop {
        let pause = match run_next(services).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => settings.poll_interval,
            Err(error) => {
                complain(&error);
                settings.poll_interval
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => return,
            _ = tidy.tick() => {
                if let Err(error) = tidy_up(services).await {
                    complain(&error);
                }
            }
            () = services.jobs_promised.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn tidy_up(services: &Services) -> Result<()> {
    let ctx = services.system();
    let released: Result<u64> =
        transact!(services, |tx| { jobs::release_expired(tx, ctx.now).await? });
    let released = released?;
    if released > 0 {
        tracing::warn!(released, "jobs of a silent worker are ready again");
    }
    sweep::schedule(services, &ctx).await
}

fn complain(error: &Error) {
    let reason = match error {
        Error::Fault(fault) => fault.chain(),
        Error::Refused(refusal) => refusal.code().to_owned(),
    };
    tracing::warn!(reason, "the worker could not look for jobs");
}
