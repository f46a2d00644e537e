//! Workers beside each other, after each other, and told to stop.

use std::collections::BTreeSet;
use std::time::Duration;

use operations::jobs::{WorkerSettings, work};
use operations::ports::Clock;
use storage::jobs::Retry;
use storage::transact;
use tokio::time::timeout;

use super::{Stage, die_with_a_job, run};
use crate::stand::{PATIENCE, TestMailer};
use crate::support::{delete, registered};

/// So long that only being woken explains why something happened.
fn never() -> WorkerSettings {
    WorkerSettings {
        poll_interval: Duration::from_hours(1),
        concurrency: 1,
        ..WorkerSettings::default()
    }
}

fn often() -> WorkerSettings {
    WorkerSettings {
        poll_interval: Duration::from_millis(5),
        concurrency: 2,
        ..WorkerSettings::default()
    }
}

/// The lease of a job.
const LEASE: Duration = Duration::from_mins(2);

testkit::on_every_backend!(Stage::on =>
    r_07_a_worker_that_died_with_a_job_is_followed_by_another,
    two_workers_run_each_job_once,
);

async fn r_07_a_worker_that_died_with_a_job_is_followed_by_another(stage: Stage) {
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;
    let now = stage.clock.now();
    let lost = die_with_a_job(&stage.database, now, now + LEASE).await;

    stage.clock.advance(LEASE);
    work(&services, &never(), std::future::ready(())).await;
    assert_eq!(stage.mailer.asked(), 0, "the lease is not over yet");
    stage.clock.advance(Duration::from_secs(1));
    timeout(PATIENCE, work(&services, &often(), stage.mailer.begun.notified()))
        .await
        .expect("the job is taken over");
    assert_eq!(stage.mailer.asked(), 1);
    assert_eq!(stage.mail_job().await.text("state"), "done");

    // The one that was taken for dead wakes up: what it says counts no more.
    let store = &stage.database.store;
    let late = Retry { run_at: stage.clock.now(), max_attempts: 20, error: "late" };
    let held: storage::Result<bool> =
        transact!(store, |tx| { storage::jobs::retry(tx, &lost, late).await? });
    assert!(!held.expect("an answer"), "its lease is lost");
    assert_eq!(run(&services).await, 0);
    assert_eq!(stage.mail_job().await.text("state"), "done");
}

async fn two_workers_run_each_job_once(stage: Stage) {
    const JOBS: usize = 40;
    let (one, two) = (stage.services().await, stage.services().await);
    for number in 0..JOBS {
        let user = registered(&one, &format!("user{number}")).await;
        delete(&one, user.id).await;
    }
    let (first, second, third) = tokio::join!(run(&one), run(&two), run(&two));
    assert_eq!(first + second + third, 40);
    let asked = stage.mailer.asked.lock().expect("nobody panics");
    let ids: BTreeSet<&str> = asked.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!((asked.len(), ids.len()), (JOBS, JOBS));
}

#[tokio::test]
async fn a_promise_wakes_the_worker_of_its_own_process() {
    let stage = Stage::on(testkit::Backend::Sqlite).await;
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    let promise = async {
        // The worker has tidied up, looked around and found nothing.
        while super::of_kind(&stage.database.dump().await, "check_keys").is_empty() {
            tokio::task::yield_now().await;
        }
        delete(&services, ann.id).await;
        stage.mailer.begun.notified().await;
    };
    // Less than the pause after which a worker tidies up and would see it anyway.
    let settings = never();
    let woken = timeout(Duration::from_secs(10), Box::pin(work(&services, &settings, promise)));
    woken.await.expect("the worker wakes up at once");
    assert_eq!(stage.mailer.asked(), 1);
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_finishes_its_job_and_takes_no_other() {
    let stage = Stage::on(testkit::Backend::Sqlite).await;
    let stage = stage.with(TestMailer { holds: true, ..TestMailer::default() });
    let services = stage.services().await;
    for name in ["ann", "ben"] {
        let user = registered(&services, name).await;
        delete(&services, user.id).await;
    }
    let (stop, told) = tokio::sync::oneshot::channel::<()>();
    let settings = never();
    let working = Box::pin(work(&services, &settings, async {
        let _ = told.await;
    }));
    let telling = async {
        stage.mailer.begun.notified().await;
        stop.send(()).expect("the worker listens");
        stage.mailer.release.notify_one();
    };
    timeout(PATIENCE, async { tokio::join!(working, telling) }).await.expect("it stops");
    assert_eq!(stage.mailer.asked(), 1);
    let dump = stage.database.dump().await;
    let states: Vec<String> =
        super::of_kind(&dump, "deliver_mail").iter().map(|job| job.text("state")).collect();
    assert!(states.contains(&"done".to_owned()), "what was begun is finished: {states:?}");
    assert!(states.contains(&"ready".to_owned()), "the other waits for the next: {states:?}");
}
