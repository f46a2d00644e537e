//! What happens again and again.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use operations::jobs::{Cron, Schedules, schedule};
use operations::ports::Clock;
use testkit::FixedClock;

use super::{Stage, of_kind, run};
use crate::stand::{MASTER_KEY, assemble};

const HOUR: Duration = Duration::from_hours(1);

testkit::on_every_backend!(Stage::on =>
    what_nobody_was_there_for_is_made_up_for_once,
    another_rhythm_counts_at_once,
    an_instance_whose_clock_is_behind_promises_nothing_twice,
);

fn sweeping(cron: &str) -> Schedules {
    Schedules { sweep: Cron::from_str(cron).expect("a rhythm"), ..Schedules::default() }
}

/// The times of all sweeps, from now on, in minutes.
async fn sweeps(stage: &Stage, state: &str) -> Vec<i64> {
    let now = stage.clock.now().as_micros();
    let jobs = of_kind(&stage.database.dump().await, "sweep");
    let jobs = jobs.iter().filter(|job| job.text("state") == state);
    jobs.map(|job| (job.number("run_at") - now) / 60_000_000).collect()
}

async fn what_nobody_was_there_for_is_made_up_for_once(stage: Stage) {
    let services = stage.services().await;
    let hourly = Schedules::default();
    schedule(&services, &hourly).await.expect("promised");
    assert_eq!(sweeps(&stage, "ready").await, [60]);
    stage.clock.advance(100 * HOUR);
    schedule(&services, &hourly).await.expect("promised");
    let mut waiting = sweeps(&stage, "ready").await;
    waiting.sort_unstable();
    assert_eq!(waiting, [-99 * 60, 60]);
    run(&services).await;
    assert_eq!(sweeps(&stage, "done").await, [-99 * 60]);
    assert_eq!(sweeps(&stage, "ready").await, [60]);
}

async fn another_rhythm_counts_at_once(stage: Stage) {
    let services = stage.services().await;
    schedule(&services, &sweeping("30 4 * * *")).await.expect("promised");
    assert_eq!(sweeps(&stage, "ready").await, [4 * 60 + 30]);
    for _ in 0..2 {
        schedule(&services, &sweeping("*/10 * * * *")).await.expect("promised");
        assert_eq!(sweeps(&stage, "ready").await, [10], "the old promise is called off");
    }
}

async fn an_instance_whose_clock_is_behind_promises_nothing_twice(stage: Stage) {
    let ahead = stage.services().await;
    let behind = Arc::<FixedClock>::default();
    let other = assemble(&stage.database, &behind, &stage.mailer, MASTER_KEY).await;
    let other = other.expect("the services start");
    stage.clock.advance(HOUR + Duration::from_mins(1));
    schedule(&ahead, &Schedules::default()).await.expect("promised");
    schedule(&other, &Schedules::default()).await.expect("nothing to promise");
    assert_eq!(sweeps(&stage, "ready").await, [59]);
}

#[test]
fn what_never_comes_is_no_rhythm() {
    for wrong in ["", "hourly", "60 * * * *", "0 0 30 2 *", "* * * *"] {
        assert!(Cron::from_str(wrong).is_err(), "{wrong}");
    }
    Cron::from_str("0 3 * * MON-FRI").expect("names of days");
}
