//! Nothing gets through: the lane waits, what it carries is not given up, and nothing else waits
//!

use std::time::Duration;

use operations::jobs::{WorkerSettings, work};
use operations::ports::Clock;
use tokio::time::timeout;

use super::{Stage, of_kind, run};
use crate::stand::{Failure, PATIENCE, TestMailer};
use crate::support::{DAY, delete, registered};

const LONGEST_PAUSE: Duration = Duration::from_mins(2);

testkit::on_every_backend!(Stage::on =>
    what_nothing_got_through_for_is_tried_for_two_days_then_parked,
    while_nothing_gets_through_not_every_mail_is_tried,
    a_mailer_that_takes_its_time_keeps_nothing_else,
);

async fn what_nothing_got_through_for_is_tried_for_two_days_then_parked(stage: Stage) {
    let stage = stage.with(TestMailer::failing(Failure::Unreachable));
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;
    for attempt in 1..=60 {
        assert_eq!(run(&services).await, 1, "{attempt}");
        let job = stage.mail_job().await;
        assert_eq!((job.text("state").as_str(), job.number("attempts")), ("ready", attempt));
        let pause = job.number("run_at") - stage.clock.now().as_micros();
        let pause = Duration::from_micros(pause.try_into().expect("it lies ahead"));
        assert!(pause <= LONGEST_PAUSE.mul_f64(1.25), "{attempt}: {pause:?}");
        stage.clock.advance(pause);
    }
    stage.clock.advance(2 * DAY);
    // What is left of its attempts.
    for _ in 0..5 {
        run(&services).await;
        stage.clock.advance(LONGEST_PAUSE * 2);
    }
    assert_eq!(stage.mail_job().await.text("state"), "parked");
}

async fn while_nothing_gets_through_not_every_mail_is_tried(stage: Stage) {
    const MAILS: usize = 50;
    let stage = stage.with(TestMailer::failing(Failure::Unreachable));
    let services = stage.services().await;
    for number in 0..MAILS {
        let user = registered(&services, &format!("user{number}")).await;
        delete(&services, user.id).await;
    }
    let settings = WorkerSettings {
        poll_interval: Duration::from_millis(5),
        concurrency: 2,
        ..WorkerSettings::default()
    };
    let watching = async {
        stage.mailer.begun.notified().await;
        // Long enough to try all of them many times over.
        tokio::time::sleep(Duration::from_millis(700)).await;
        let asked = stage.mailer.asked();
        assert!(asked <= 4, "two lines have tried once or twice, not {asked} times");
        *stage.mailer.failure.lock().expect("nobody panics") = None;
        // Those that were tried come back at a later time, which the clock of this test decides.
        while stage.mailer.asked() < MAILS {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, work(&services, &settings, watching)).await.expect("the lane opens again");
    stage.clock.advance(LONGEST_PAUSE);
    run(&services).await;
    let dump = stage.database.dump().await;
    let done = of_kind(&dump, "deliver_mail");
    assert_eq!(done.iter().filter(|job| job.text("state") == "done").count(), MAILS);
}

async fn a_mailer_that_takes_its_time_keeps_nothing_else(stage: Stage) {
    let stage = stage.with(TestMailer { holds: true, ..TestMailer::default() });
    let services = stage.services().await;
    for number in 0..8 {
        let user = registered(&services, &format!("user{number}")).await;
        delete(&services, user.id).await;
    }
    stage.clock.advance(31 * DAY);
    let settings = WorkerSettings {
        poll_interval: Duration::from_millis(5),
        concurrency: 1,
        ..WorkerSettings::default()
    };
    let purged = async {
        loop {
            let dump = stage.database.dump().await;
            let purges = of_kind(&dump, "purge_account");
            if purges.iter().all(|job| job.text("state") == "done") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let stop = async {
        purged.await;
        stage.mailer.release.notify_one();
    };
    let working = Box::pin(work(&services, &settings, stop));
    timeout(PATIENCE, working).await.expect("the accounts are erased");
}
