//! Background work is done where it is asked for, and nowhere else.

use std::fs;
use std::thread;
use std::time::Duration;

use testkit::Database;

use super::{Program, access, eventually};

testkit::on_every_backend!(Database::fresh =>
    who_serves_without_a_worker_sends_no_mail_and_a_worker_does,
);

async fn who_serves_without_a_worker_sends_no_mail_and_a_worker_does(database: Database) {
    let program = Program::new().with("VESTIBULE_DATABASE__URL", &database.url);
    let serving = program.clone().argument("serve").argument("--no-worker").start();
    serving.register("ann").expect(201);
    serving.delete(&access(&serving.sign_in("ann"))).expect(200);
    // Fifteen times as long as a worker would take to look.
    thread::sleep(Duration::from_millis(300));
    assert_eq!(mails(&program), 0);

    let worker = program.beside().argument("worker").launch();
    // How to restore the account. Nobody is asked any more whether the address is his.
    eventually("a mail", || (mails(&program) == 1).then_some(()));
    worker.wait_for_log("working");
    worker.stop();
    serving.stop();
    let dump = database.dump().await;
    let mut jobs = dump.rows("jobs").iter();
    let sent = jobs.find(|job| job.text("message") == "restoration").expect("the mail's job");
    assert_eq!(sent.text("state"), "done");
}

/// The gauges of tables are those of whoever answers for them: `vestibule worker` does not.
#[tokio::test]
async fn who_serves_without_a_worker_says_what_waits() {
    let serving = Program::new().argument("serve").argument("--no-worker").start();
    let metrics = eventually("gauges", || {
        let metrics = serving.get("/metrics", None).expect(200).body;
        metrics.contains("vestibule_events_unnumbered ").then_some(metrics)
    });
    assert!(metrics.contains("vestibule_events_led 0"), "{metrics}");
    assert!(metrics.contains("vestibule_jobs{lane=\"mail\",state=\"due\"} 0"), "{metrics}");
    serving.stop();
}

fn mails(program: &Program) -> usize {
    let Ok(entries) = fs::read_dir(program.directory().join("data/mail")) else { return 0 };
    entries.filter_map(Result::ok).filter(|entry| entry.path().extension().is_some()).count()
}
