//! The loop that runs jobs until it is told to stop.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Shared, join_all};
use storage::jobs;

use super::run::run_next;
use super::sweep::schedule_sweep;
use crate::error::{Error, Result};
use crate::services::Services;

/// How often to take back what dead workers held.
const TIDY_EVERY: Duration = Duration::from_secs(15);

type Stop<F> = Shared<F>;

#[derive(Clone, Copy, Debug)]
pub struct WorkerSettings {
    /// How often to look when nothing wakes us; promises of other nodes are seen this late.
    pub poll_interval: Duration,
    /// Jobs at a time.
    pub concurrency: usize,
}

/// Runs jobs until `stop` resolves; those at hand are finished first.
pub async fn work(services: &Services, settings: WorkerSettings, stop: impl Future<Output = ()>) {
    let stop = stop.shared();
    let lines = (0..settings.concurrency.max(1))
        .map(|_| run_jobs(services, settings.poll_interval, stop.clone()));
    tokio::join!(join_all(lines), tidy(services, stop.clone()));
}

async fn run_jobs(
    services: &Services,
    poll_interval: Duration,
    mut stop: Stop<impl Future<Output = ()>>,
) {
    loop {
        let pause = match run_next(services).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => poll_interval,
            Err(error) => {
                complain(&error);
                poll_interval
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = services.jobs_promised.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn tidy(services: &Services, mut stop: Stop<impl Future<Output = ()>>) {
    loop {
        if let Err(error) = tidy_up(services).await {
            complain(&error);
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
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
    schedule_sweep(services).await
}

fn complain(error: &Error) {
    tracing::warn!(reason = error.chain(), "the worker could not look for jobs");
}
