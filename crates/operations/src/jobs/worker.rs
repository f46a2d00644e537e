//! The loop that runs jobs until it is told to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Shared, join_all};
use storage::jobs::{self, Lane};

use super::outage::Outage;
use super::run::{LEASE, Step, run_next};
use super::schedule::{Schedules, schedule};
use crate::error::Result;
use crate::services::Services;

/// How often to take back what dead workers held.
const TIDY_EVERY: Duration = Duration::from_secs(15);
/// How long a job at hand has to come to its end when the worker is told to stop. What it does then
/// is cut off, and done by another worker.
pub const LAST_WORDS: Duration = Duration::from_secs(5);

type Stop<F> = Shared<F>;

#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// How often to look when nothing wakes us; promises of other nodes are seen this late.
    pub poll_interval: Duration,
    /// Jobs at a time in each lane: mails, text messages, the rest.
    pub concurrency: usize,
    /// A worker that is silent for so long is taken for dead, and another does its job. No job runs
    /// longer than three quarters of it.
    pub lease: Duration,
    pub schedules: Schedules,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            poll_interval: Duration::from_millis(500),
            concurrency: 4,
            lease: LEASE,
            schedules: Schedules::default(),
        }
    }
}

/// Runs jobs until `stop` resolves; those at hand have a moment to come to their end.
pub async fn work(services: &Services, settings: &WorkerSettings, stop: impl Future<Output = ()>) {
    let stop = stop.shared();
    let trouble = Trouble::default();
    let lanes = Lane::ALL.map(|lane| run_lane(services, settings, lane, &trouble, stop.clone()));
    tokio::join!(join_all(lanes), tidy(services, settings, &trouble, stop.clone()));
}

async fn run_lane(
    services: &Services,
    settings: &WorkerSettings,
    lane: Lane,
    trouble: &Trouble,
    stop: Stop<impl Future<Output = ()>>,
) {
    let outage = Outage::new(lane);
    let lines = (0..settings.concurrency.max(1))
        .map(|_| run_jobs(services, settings, lane, &outage, trouble, stop.clone()));
    join_all(lines).await;
}

async fn run_jobs(
    services: &Services,
    settings: &WorkerSettings,
    lane: Lane,
    outage: &Outage,
    trouble: &Trouble,
    mut stop: Stop<impl Future<Output = ()>>,
) {
    loop {
        let pause = match outage.pause() {
            Some(pause) => pause,
            None => step(services, settings, lane, outage, trouble, stop.clone()).await,
        };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = services.lanes.promised(lane) => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Looks for one job; answers how long to wait until the next look.
async fn step(
    services: &Services,
    settings: &WorkerSettings,
    lane: Lane,
    outage: &Outage,
    trouble: &Trouble,
    stop: Stop<impl Future<Output = ()>>,
) -> Duration {
    let out_of_time = async {
        stop.await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    match trouble.noted(run_next(services, lane, settings.lease, out_of_time).await) {
        Some(Step::Idle) | None => settings.poll_interval,
        Some(Step::Ran) => Duration::ZERO,
        Some(Step::Passed) => {
            outage.passed();
            Duration::ZERO
        }
        Some(Step::Unreachable) => {
            outage.fell(&*services.entropy);
            Duration::ZERO
        }
    }
}

async fn tidy(
    services: &Services,
    settings: &WorkerSettings,
    trouble: &Trouble,
    mut stop: Stop<impl Future<Output = ()>>,
) {
    loop {
        trouble.noted(tidy_up(services, &settings.schedules).await);
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
    }
}

async fn tidy_up(services: &Services, schedules: &Schedules) -> Result<()> {
    let ctx = services.system();
    let released: Result<u64> =
        transact!(services, |tx| { jobs::release_expired(tx, ctx.now).await? });
    let released = released?;
    if released > 0 {
        tracing::warn!(released, "jobs of a silent worker are ready again");
    }
    schedule(services, schedules).await
}

/// Whether the last look of this process failed: it is said when that begins and when it is over, for
/// there are several looks a second.
#[derive(Default)]
struct Trouble(AtomicBool);

impl Trouble {
    fn noted<T>(&self, outcome: Result<T>) -> Option<T> {
        let had_failed = self.0.swap(outcome.is_err(), Ordering::Relaxed);
        match outcome {
            Ok(done) => {
                if had_failed {
                    tracing::info!("the worker looks for jobs again");
                }
                Some(done)
            }
            Err(error) => {
                if !had_failed {
                    tracing::warn!(reason = error.chain(), "the worker cannot look for jobs");
                }
                None
            }
        }
    }
}
