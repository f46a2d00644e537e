//! What becomes of a job that fails.

use std::time::Duration;

use operations::jobs::{Question, WorkerSettings, list, retry, work};
use operations::ports::Clock;
use tokio::time::timeout;

use super::{Stage, die_with_a_job, run};
use crate::stand::{Failure, PATIENCE, TestMailer};
use crate::support::{DAY, delete, registered};

/// Doubled from this, up to the longest, and spread by a quarter.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_hours(4);
const ATTEMPTS: u32 = 20;

testkit::on_every_backend!(Stage::on =>
    r_15_a_mail_is_tried_again_after_growing_pauses_then_parked,
    a_mail_that_is_refused_is_parked_at_once,
    a_job_whose_workers_all_died_is_parked,
    r_14_a_job_that_panics_harms_no_other,
    lif_06_a_purge_that_is_run_before_its_time_goes_on_waiting,
);

async fn r_15_a_mail_is_tried_again_after_growing_pauses_then_parked(stage: Stage) {
    let stage = stage.with(TestMailer::failing(Failure::Unavailable));
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;

    for attempt in 1..ATTEMPTS {
        assert_eq!(run(&services).await, 1);
        let job = stage.mail_job().await;
        assert_eq!((job.text("state").as_str(), job.number("attempts")), ("ready", attempt.into()));
        let pause = job.number("run_at") - stage.clock.now().as_micros();
        let pause = Duration::from_micros(pause.try_into().expect("it lies ahead"));
        let least = (FIRST_PAUSE * (1 << (attempt - 1))).min(LONGEST_PAUSE);
        assert!(pause >= least && pause <= least.mul_f64(1.25), "{attempt}: {pause:?}");
        let moment = Duration::from_micros(1);
        stage.clock.advance(pause.saturating_sub(moment));
        assert_eq!(run(&services).await, 0, "not before its time");
        stage.clock.advance(moment);
    }
    assert_eq!(run(&services).await, 1);
    assert_eq!(stage.mail_job().await.text("state"), "parked");
    stage.clock.advance(LONGEST_PAUSE * 2);
    assert_eq!(run(&services).await, 0, "a person has to look at it now");

    let asked = stage.mailer.asked.lock().expect("nobody panics");
    assert_eq!(asked.len(), 20);
    assert!(asked.iter().all(|mail| mail.id == asked[0].id), "one Message-ID for all attempts");
}

async fn a_mail_that_is_refused_is_parked_at_once(stage: Stage) {
    let stage = stage.with(TestMailer::failing(Failure::Refused));
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;
    assert_eq!(run(&services).await, 1);
    let job = stage.mail_job().await;
    assert_eq!((job.text("state").as_str(), job.number("attempts")), ("parked", 1));
    stage.clock.advance(LONGEST_PAUSE * 2);
    assert_eq!(run(&services).await, 0);
    assert_eq!(stage.mailer.asked(), 1);
}

/// A job that takes its worker down with it must not take down every worker for ever.
async fn a_job_whose_workers_all_died_is_parked(stage: Stage) {
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;
    for _ in 0..ATTEMPTS {
        let now = stage.clock.now();
        die_with_a_job(&stage.database, now, now + Duration::from_secs(1)).await;
        stage.clock.advance(Duration::from_secs(2));
        let store = &stage.database.store;
        let now = stage.clock.now();
        let released: storage::Result<u64> =
            storage::transact!(store, |tx| { storage::jobs::release_expired(tx, now).await? });
        assert_eq!(released.expect("released"), 1);
    }
    run(&services).await;
    assert_eq!(stage.mailer.asked(), 0, "its attempts are used up");
    assert_eq!(stage.mail_job().await.text("state"), "parked");
}

async fn r_14_a_job_that_panics_harms_no_other(stage: Stage) {
    let stage = stage.with(TestMailer::failing(Failure::Panic));
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;
    let settings = WorkerSettings {
        poll_interval: Duration::from_millis(5),
        concurrency: 1,
        ..WorkerSettings::default()
    };
    let healed = async {
        stage.mailer.begun.notified().await;
        *stage.mailer.failure.lock().expect("nobody panics while it is held") = None;
        let ben = registered(&services, "ben").await;
        delete(&services, ben.id).await;
        stage.mailer.begun.notified().await;
    };
    let working = Box::pin(work(&services, &settings, healed));
    timeout(PATIENCE, working).await.expect("the worker goes on");
    let dump = stage.database.dump().await;
    let mut states: Vec<String> =
        super::of_kind(&dump, "deliver_mail").iter().map(|job| job.text("state")).collect();
    states.sort_unstable();
    assert_eq!(states, ["done", "ready"]);
    let failed = super::of_kind(&dump, "deliver_mail");
    let failed = failed.iter().find(|job| job.text("state") == "ready").expect("it");
    assert_eq!(failed.text("last_error"), "it panicked");
}

async fn lif_06_a_purge_that_is_run_before_its_time_goes_on_waiting(stage: Stage) {
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;
    let purge = async || super::of_kind(&stage.database.dump().await, "purge_account").remove(0);
    let before = purge().await;
    let page = list(&services, &services.operator(), &Question::default()).await.expect("jobs");
    let id = page.jobs.iter().find(|job| job.kind == "purge_account").expect("the purge").id;
    retry(&services, &services.operator(), id).await.expect("due");
    run(&services).await;
    let after = purge().await;
    for name in ["run_at", "attempts"] {
        assert_eq!(after.number(name), before.number(name), "{name}");
    }
    assert_eq!(after.text("state"), "ready");
    stage.clock.advance(30 * DAY);
    run(&services).await;
    assert_eq!(stage.database.dump().await.places_of("ann@example.org"), [""; 0]);
}
