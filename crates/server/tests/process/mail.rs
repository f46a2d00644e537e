//! Mail, over a real server that is away, hangs or loses its answers, and workers that die or sleep in
//! the middle of sending.

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{Backend, Database, ReceivedMail, SmtpMode, SmtpServer, on_every_backend};

use super::eventually;
use super::program::{Program, Running};

/// Over in a moment, and taken over in the next.
const LEASE: &str = "4s";
/// Only for the case that it never comes.
const LONG_PATIENCE: Duration = Duration::from_mins(5);
const REGISTRATIONS: usize = 1000;

on_every_backend!(Database::fresh =>
    r_08_a_worker_that_is_killed_in_the_middle_of_sending_is_followed_by_another,
    r_08_a_lost_answer_makes_two_copies_at_most_and_they_are_known_as_one,
    r_07_a_worker_that_sleeps_in_the_middle_of_sending_is_overtaken_and_sends_nothing,
    r_34_a_server_that_stops_hands_the_mail_at_hand_back,
);

fn program(database: &Database, smtp: &SmtpServer) -> Program {
    Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_MAIL__TRANSPORT", "smtp")
        .with("VESTIBULE_MAIL__SMTP_URL", &smtp.url())
        .with("VESTIBULE_MAIL__TIMEOUT", "500ms")
        .with("VESTIBULE_JOBS__LEASE", LEASE)
}

/// Asks for a way back, which is one mail with a code.
fn ask(serving: &Running) {
    let body = json!({ "identifier": "ann" });
    serving.post("/api/v1/auth/recover", &body).expect(202);
}

async fn delivered(smtp: &SmtpServer, count: usize) -> Vec<ReceivedMail> {
    smtp.wait_for(count).await
}

fn with_a_code(mails: &[ReceivedMail]) -> Vec<&ReceivedMail> {
    mails.iter().filter(|received| received.mail.subject.contains("get back")).collect()
}

async fn r_08_a_worker_that_is_killed_in_the_middle_of_sending_is_followed_by_another(
    database: Database,
) {
    let smtp = SmtpServer::start();
    let program = program(&database, &smtp);
    let serving = program.clone().argument("serve").argument("--no-worker").start();
    serving.register("ann").expect(201);
    ask(&serving);
    smtp.mode(SmtpMode::Slow { pause: Duration::from_millis(1) });
    let mut worker = program.beside().argument("worker").launch();
    // It has begun, and is a good while from its end.
    eventually("the sender", || {
        smtp.said().iter().any(|said| said.starts_with("MAIL")).then_some(())
    });
    worker.kill();
    smtp.mode(SmtpMode::Accept);
    let worker = program.beside().argument("worker").launch();
    let mails = delivered(&smtp, 2).await;
    worker.stop();
    serving.stop();
    let codes = with_a_code(&mails);
    assert!((1..=2).contains(&codes.len()), "{mails:#?}");
}

async fn r_08_a_lost_answer_makes_two_copies_at_most_and_they_are_known_as_one(database: Database) {
    let smtp = SmtpServer::start();
    let serving = program(&database, &smtp).start();
    serving.register("ann").expect(201);
    delivered(&smtp, 1).await;
    smtp.mode(SmtpMode::Drop);
    ask(&serving);
    delivered(&smtp, 2).await;
    smtp.mode(SmtpMode::Accept);
    let mails = delivered(&smtp, 3).await;
    serving.stop();
    let codes = with_a_code(&mails);
    assert_eq!(codes.len(), 2, "{mails:#?}");
    let id = |received: &ReceivedMail| {
        let mut lines = received.mail.source.lines();
        lines.find(|line| line.starts_with("Message-ID:")).expect("an id").to_owned()
    };
    assert_eq!(id(codes[0]), id(codes[1]));
    assert_eq!(codes[0].mail.code(), codes[1].mail.code(), "the one in the last mail works");
}

async fn r_07_a_worker_that_sleeps_in_the_middle_of_sending_is_overtaken_and_sends_nothing(
    database: Database,
) {
    let smtp = SmtpServer::start();
    let program = program(&database, &smtp);
    let serving = program.clone().argument("serve").argument("--no-worker").start();
    serving.register("ann").expect(201);
    smtp.mode(SmtpMode::Hang);
    let sleeper = program.beside().argument("worker").launch();
    eventually("a connection", || (smtp.connections() > 0).then_some(()));
    sleeper.signal("STOP");
    // A worker does more than send. Whoever sleeps in the middle of a write keeps all others from an
    // SQLite file, which no lease can help: this is about who sleeps in the middle of sending.
    while !database.can_be_written().await {
        sleeper.signal("CONT");
        tokio::time::sleep(Duration::from_millis(10)).await;
        sleeper.signal("STOP");
    }
    smtp.mode(SmtpMode::Accept);
    let overtaker = program.beside().argument("worker").launch();
    delivered(&smtp, 1).await;
    sleeper.signal("CONT");
    sleeper.wait_for_log("job was overtaken");
    // It goes on with other jobs, and this one is settled.
    ask(&serving);
    delivered(&smtp, 2).await;
    overtaker.stop();
    sleeper.stop();
    serving.stop();
    assert_eq!(smtp.mails().len(), 2, "each once");
    let dump = database.dump().await;
    let jobs = dump.rows("jobs").iter().filter(|job| job.text("kind") == "deliver_mail");
    assert!(jobs.clone().all(|job| job.text("state") == "done"));
}

async fn r_34_a_server_that_stops_hands_the_mail_at_hand_back(database: Database) {
    let smtp = SmtpServer::start();
    smtp.mode(SmtpMode::Hang);
    let serving = program(&database, &smtp)
        .with("VESTIBULE_MAIL__TIMEOUT", "20s")
        .with("VESTIBULE_JOBS__LEASE", "2m")
        .start();
    serving.register("ann").expect(201);
    eventually("a connection", || (smtp.connections() > 0).then_some(()));
    serving.stop();
    let dump = database.dump().await;
    let mut jobs = dump.rows("jobs").iter().filter(|job| job.text("kind") == "deliver_mail");
    let job = jobs.next().expect("the mail");
    assert_eq!((job.text("state").as_str(), job.number("attempts")), ("ready", 0));
}

/// the API does not notice, and afterwards every mail comes that is worth coming, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_15_a_mail_server_that_is_away_delays_mails_and_nothing_else() {
    let database = Database::fresh(Backend::Postgres).await;
    let smtp = SmtpServer::start();
    smtp.stop();
    let serving = program(&database, &smtp)
        .with("VESTIBULE_MAIL__TIMEOUT", "15s")
        .with("VESTIBULE_JOBS__LEASE", "2m")
        .start();
    for number in 0..REGISTRATIONS {
        serving.register(&format!("user{number}")).expect(201);
    }
    assert!(smtp.mails().is_empty());
    let metrics = serving.get("/metrics", None).expect(200).body;
    assert!(metrics.contains("vestibule_jobs_lane_open{lane=\"mail\"} 0"), "{metrics}");
    smtp.start_again();
    let began = Instant::now();
    // The lane looks again within a minute and a quarter.
    while smtp.mails().len() < REGISTRATIONS && began.elapsed() < LONG_PATIENCE {
        thread::sleep(Duration::from_millis(500));
    }
    let mails = delivered(&smtp, REGISTRATIONS).await;
    // Whatever comes twice comes soon.
    thread::sleep(Duration::from_secs(2));
    let mut copies: HashMap<String, usize> = HashMap::new();
    for received in smtp.mails() {
        *copies.entry(received.to.concat()).or_default() += 1;
    }
    assert_eq!((copies.len(), smtp.mails().len()), (REGISTRATIONS, REGISTRATIONS));
    // The code of the last one is good.
    let last = mails.last().expect("mails");
    let code = last.mail.code();
    let body = json!({ "email": last.to.concat(), "code": code });
    serving.post("/api/v1/auth/verify/email", &body).expect(200);
    serving.stop();
}
