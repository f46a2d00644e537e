//! Newcomers are welcomed once.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::token::SecretToken;
use operations::verification::{Channel, Claimant, send_verification, verify_by_link};
use storage::Backend;
use testkit::App;

use crate::support::{DAY, mail_to, registered};

const WELCOMES: (&str, &str) = ("VESTIBULE_ACCOUNTS__WELCOME_MAIL", "true");
const VERIFIES: (&str, &str) = ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true");

testkit::on_every_backend!(verifying =>
    who_verifies_an_address_is_welcomed,
    who_verifies_an_address_late_is_no_newcomer,
);
mod where_nothing_is_verified {
    use super::{welcoming, who_registers_is_welcomed};

    testkit::on_every_backend!(welcoming => who_registers_is_welcomed);
}

async fn verifying(backend: Backend) -> App {
    App::with(&[WELCOMES, VERIFIES]).start(backend).await
}

async fn welcoming(backend: Backend) -> App {
    App::with(&[WELCOMES]).start(backend).await
}

async fn welcomes(app: &App) -> usize {
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    mails.iter().filter(|mail| mail.subject == "Welcome to Vestibule").count()
}

async fn verify(app: &App, link: &str) {
    let link = SecretToken::new(link);
    let verified = verify_by_link(&app.services, &app.stranger(), Channel::Email, &link).await;
    verified.expect("verified");
}

async fn who_verifies_an_address_is_welcomed(app: App) {
    registered(&app.services, "ann").await;
    assert_eq!(welcomes(&app).await, 0, "it may be somebody else's address");
    let link = app.mailbox.newest_to("ann@example.org").link_token();
    verify(&app, &link).await;
    assert_eq!(welcomes(&app).await, 1);
    let mail = mail_to(&app, "ann@example.org", "Welcome").await;
    assert!(mail.text.contains("sign in as ann, with your password."), "{}", mail.text);
}

async fn who_verifies_an_address_late_is_no_newcomer(app: App) {
    registered(&app.services, "ann").await;
    app.advance(31 * DAY);
    let claimant = Claimant::Named(domain::Identifier::recognise("ann@example.org"));
    let sent = send_verification(&app.services, &app.stranger(), &claimant, Channel::Email).await;
    sent.expect("on its way");
    app.run_jobs().await;
    let link = app.mailbox.newest_to("ann@example.org").link_token();
    verify(&app, &link).await;
    assert_eq!(welcomes(&app).await, 0);
}

async fn who_registers_is_welcomed(app: App) {
    registered(&app.services, "ann").await;
    assert_eq!(welcomes(&app).await, 1);
}
