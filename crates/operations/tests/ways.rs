//! How mails and text messages leave, to real servers that misbehave.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod smtp;
mod smtp_failures;
mod smtp_trust;

use std::time::Duration;

use testkit::{App, Backend, Row, SmtpServer};

use crate::support::{delete, registered};

/// Longer than any pause between two attempts.
const LATER: Duration = Duration::from_hours(6);

/// An application that sends through `server`, whose authority it trusts.
async fn app_with(server: &SmtpServer, settings: &[(&str, &str)]) -> App {
    let url = server.url();
    let ca_file = server.ca_file().display().to_string();
    let mut all =
        vec![("VESTIBULE_MAIL__TRANSPORT", "smtp"), ("VESTIBULE_MAIL__SMTP_URL", url.as_str())];
    if !url.ends_with(&server.port().to_string()) || url.starts_with("smtps") {
        all.push(("VESTIBULE_MAIL__SMTP_CA_FILE", ca_file.as_str()));
    }
    all.extend(settings);
    App::with(&all).start(Backend::Sqlite).await
}

/// A mail to somebody waits to be sent.
async fn promise_mail(app: &App, name: &str) {
    let somebody = registered(&app.services, name).await;
    delete(&app.services, somebody.id).await;
}

/// The one mail job: its state and why it failed last.
async fn fate(app: &App) -> (String, String) {
    let job = mail_jobs(app).await.remove(0);
    let reason = job.bytes("last_error").map(|_| job.text("last_error"));
    (job.text("state"), reason.unwrap_or_default())
}

async fn mail_jobs(app: &App) -> Vec<Row> {
    let dump = app.database.dump().await;
    dump.rows("jobs").iter().filter(|row| row.text("kind") == "deliver_mail").cloned().collect()
}
