//! A worker that is told to stop in the middle of a job.

use operations::jobs::{WorkerSettings, work};
use tokio::time::timeout;

use super::{Stage, run};
use crate::stand::{PATIENCE, TestMailer};
use crate::support::{delete, registered};

testkit::on_every_backend!(Stage::on =>
    r_34_a_job_that_does_not_end_in_time_is_handed_back,
);

async fn r_34_a_job_that_does_not_end_in_time_is_handed_back(stage: Stage) {
    let stage = stage.with(TestMailer { holds: true, ..TestMailer::default() });
    let services = stage.services().await;
    let ann = registered(&services, "ann").await;
    delete(&services, ann.id).await;
    let settings = WorkerSettings { concurrency: 1, ..WorkerSettings::default() };
    let begun = stage.mailer.begun.notified();
    timeout(PATIENCE, work(&services, &settings, begun)).await.expect("it stops all the same");
    let job = stage.mail_job().await;
    assert_eq!((job.text("state").as_str(), job.number("attempts")), ("ready", 0));

    // The next worker does it at once, without waiting for the lease to end.
    stage.mailer.release.notify_one();
    assert_eq!(run(&services).await, 1);
    assert_eq!(stage.mail_job().await.text("state"), "done");
}
