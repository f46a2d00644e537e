//! Background work is done where it is asked for, and nowhere else.

use std::fs;
use std::thread;
use std::time::Duration;

use testkit::Database;

use super::http::call;
use super::program::free_port;
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

#[tokio::test]
async fn a_worker_says_how_it_is_where_it_is_told_to() {
    let program = Program::new();
    let healthcheck =
        |program: &Program| program.clone().argument("healthcheck").argument("--worker");
    let (code, said) = healthcheck(&program).run();
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("jobs.listen: must be set for --worker"), "{said}");
    let address = format!("127.0.0.1:{}", free_port());
    let program = program.with("VESTIBULE_JOBS__LISTEN", &address);
    let worker = program.clone().argument("worker").launch();
    let address = address.parse().expect("an address");
    let reply = eventually("readiness", || call(address, "GET", "/readyz", None, None).ok());
    assert_eq!(reply.json()["status"], "ready");
    let metrics = call(address, "GET", "/metrics", None, None).expect("an answer").expect(200).body;
    assert!(metrics.contains("vestibule_"), "{metrics}");
    call(address, "GET", "/docs", None, None).expect("an answer").expect(404);
    call(worker.address, "GET", "/livez", None, None).expect_err("it does not serve");
    let (code, said) = healthcheck(&program).run();
    assert_eq!(code, Some(0), "{said}");
    worker.stop();
}

fn mails(program: &Program) -> usize {
    let Ok(entries) = fs::read_dir(program.directory().join("data/mail")) else { return 0 };
    entries.filter_map(Result::ok).filter(|entry| entry.path().extension().is_some()).count()
}
