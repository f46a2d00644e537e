//! Forgetting what is over, once an hour.

use std::time::Duration;

use operations::jobs::{WorkerSettings, work};
use operations::ports::Clock;

use super::{Stage, of_kind, run};
use crate::support::{DAY, delete, registered, signed_in};

const HOUR: Duration = Duration::from_hours(1);

testkit::on_every_backend!(Stage::on =>
    instances_agree_on_one_sweep_an_hour,
    a_sweep_forgets_expired_sessions_and_old_jobs_and_nothing_else,
);

async fn instances_agree_on_one_sweep_an_hour(stage: Stage) {
    let (one, two) = (stage.services().await, stage.services().await);
    for hours in 1..=3 {
        tokio::join!(live(&one), live(&two));
        let dump = stage.database.dump().await;
        let sweeps = of_kind(&dump, "sweep");
        let ready: Vec<_> = sweeps.iter().filter(|job| job.text("state") == "ready").collect();
        assert_eq!(ready.len(), 1, "hour {hours}");
        assert_eq!(sweeps.len(), hours, "one a passed hour, and the next");
        let due = ready[0].number("run_at") - stage.clock.now().as_micros();
        assert!(due > 0 && due <= 3_600_000_000, "{due}");
        stage.clock.advance(HOUR);
    }
}

async fn a_sweep_forgets_expired_sessions_and_old_jobs_and_nothing_else(stage: Stage) {
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    registered(&services, "ben").await;
    signed_in(&services, "ben").await;
    delete(&services, ann.id).await;
    live(&services).await;
    assert_eq!(stage.mailer.asked(), 1);

    // Sessions last 30 days and are remembered for another; finished jobs for seven.
    stage.clock.advance(6 * DAY + 23 * HOUR);
    live(&services).await;
    let dump = stage.database.dump().await;
    assert_eq!(of_kind(&dump, "deliver_mail").len(), 1);
    stage.clock.advance(2 * HOUR);
    signed_in(&services, "ben").await;
    live(&services).await;
    let dump = stage.database.dump().await;
    assert_eq!(of_kind(&dump, "deliver_mail").len(), 0);
    assert_eq!(dump.rows("sessions").len(), 2);
    assert_eq!(of_kind(&dump, "purge_account").len(), 1, "what waits stays");

    stage.clock.advance(24 * DAY);
    live(&services).await;
    assert_eq!(stage.database.dump().await.rows("sessions").len(), 1, "the expired one is gone");
}

/// What an instance does in its life: it tidies up once and runs all that is due.
async fn live(services: &operations::Services) {
    let settings =
        WorkerSettings { poll_interval: HOUR, concurrency: 1, ..WorkerSettings::default() };
    work(services, &settings, std::future::ready(())).await;
    run(services).await;
}
