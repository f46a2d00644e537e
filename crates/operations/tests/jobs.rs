//! Work that must not be lost, must not be done twice, and must not be readable.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod needless;
mod outages;
mod retries;
mod schedules;
mod stopping;
mod sweeping;
mod workers;

use std::sync::Arc;

use domain::{JobId, Timestamp};
use operations::accounts;
use operations::jobs::run_due;
use operations::ports::Clock;
use storage::jobs::{Lane, LeasedJob, NewJob};
use storage::transact;
use testkit::{App, Database, Dump, FixedClock, Row};

use crate::stand::{MASTER_KEY, TestMailer, assemble};
use crate::support::{DAY, delete, is_dead, registered, signed_in};

testkit::on_every_backend!(App::on =>
    a_mail_promised_in_a_transaction_that_failed_is_never_sent,
    what_a_job_says_is_sealed_and_forgotten_when_it_is_done,
);

async fn a_mail_promised_in_a_transaction_that_failed_is_never_sent(app: App) {
    let ann = registered(&app.services, "ann").await;
    let before = signed_in(&app.services, "ann").await;
    // The purge that the deletion promises after its mail meets the key of another job.
    let purge_at = app.clock.now() + 30 * DAY;
    let key = format!("purge:{}:{}", ann.id, purge_at.as_micros());
    plant(&app, &key, purge_at).await;

    let ctx = app.services.operator();
    let outcome = accounts::delete(&app.services, &ctx, ann.id).await;
    assert!(outcome.is_err(), "the promise of the purge failed");
    assert_eq!(app.run_jobs().await, 0);
    assert!(app.mailbox.mails().is_empty());
    assert!(app.account("ann").await.is_present(), "all of it or nothing");
    assert!(!is_dead(&app.services, &before).await);
}

async fn what_a_job_says_is_sealed_and_forgotten_when_it_is_done(app: App) {
    let ann = registered(&app.services, "ann").await;
    delete(&app.services, ann.id).await;
    let waiting = app.database.dump().await;
    assert_eq!(of_kind(&waiting, "deliver_mail").len(), 1);
    assert!(!of_kind(&waiting, "deliver_mail")[0].text("payload").is_empty());

    assert_eq!(app.run_jobs().await, 1);
    let token = app.mailbox.newest_to("ann@example.org").token();
    assert_eq!(waiting.places_of("ann@example.org"), ["users.email", "users.email_key"]);
    assert!(waiting.places_of(&token).is_empty(), "SES-01: a dump opens nothing");
    assert!(
        waiting
            .places_of("restoration")
            .iter()
            .all(|place| !place.starts_with("jobs.") || place == "jobs.message")
    );

    let done = app.database.dump().await;
    let mail = &of_kind(&done, "deliver_mail")[0];
    assert_eq!((mail.text("state").as_str(), mail.text("payload").as_str()), ("done", ""));
    assert!(mail.bytes("last_error").is_none());
    let again = accounts::delete(&app.services, &app.services.operator(), ann.id).await;
    assert_eq!(again.expect("LIF-08: it is deleted already"), None);
}

/// A job that nobody can read, waiting until `run_at`.
async fn plant(app: &App, unique_key: &str, run_at: Timestamp) {
    let store = &app.database.store;
    let new = NewJob {
        message: None,
        id: JobId::new(run_at, [1; 10]),
        kind: "purge_account",
        unique_key: Some(unique_key),
        payload: b"nobody can read this",
        user_id: None,
        lane: Lane::Work,
        run_at,
        max_attempts: 3,
        now: app.clock.now(),
    };
    let planted: storage::Result<()> =
        transact!(store, |tx| { storage::jobs::insert(tx, &new).await? });
    planted.expect("a job");
}

/// Takes the next job and never comes back, as a worker that died.
async fn die_with_a_job(database: &Database, now: Timestamp, until: Timestamp) -> LeasedJob {
    let store = &database.store;
    let leased: storage::Result<Option<LeasedJob>> =
        transact!(store, |tx| { storage::jobs::lease_next(tx, Lane::Mail, now, until).await? });
    leased.expect("a lease").expect("a job that is due")
}

fn of_kind(dump: &Dump, kind: &str) -> Vec<Row> {
    dump.rows("jobs").iter().filter(|row| row.text("kind") == kind).cloned().collect()
}

/// A database, a clock, and a mailer that the test rules.
struct Stage {
    database: Database,
    clock: Arc<FixedClock>,
    mailer: Arc<TestMailer>,
}

impl Stage {
    async fn on(backend: testkit::Backend) -> Self {
        Self {
            database: Database::fresh(backend).await,
            clock: Arc::default(),
            mailer: Arc::default(),
        }
    }

    fn with(self, mailer: TestMailer) -> Self {
        Self { mailer: Arc::new(mailer), ..self }
    }

    async fn services(&self) -> operations::Services {
        let services = assemble(&self.database, &self.clock, &self.mailer, MASTER_KEY).await;
        services.expect("the services start")
    }

    async fn mail_job(&self) -> Row {
        of_kind(&self.database.dump().await, "deliver_mail").remove(0)
    }
}

/// Runs what is due; answers how many jobs ran.
async fn run(services: &operations::Services) -> u64 {
    run_due(services).await.expect("jobs can be run")
}
