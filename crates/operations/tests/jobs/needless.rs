//! What nobody has anything of any more is not sent: codes that are over, used or replaced help
//! nobody, and are taken for new ones.

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, Password};
use operations::Client;
use operations::accounts::restore_by_operator;
use operations::recovery::{recover_by_link, request_recovery, reset_password};
use testkit::{App, Mail};

use super::{Stage, of_kind, run};
use crate::stand::{Failure, TestMailer};
use crate::support::{DAY, delete, registered, try_link};

testkit::on_every_backend!(App::on =>
    of_two_codes_the_newer_one_is_sent,
    a_code_that_is_over_is_not_sent,
    a_code_that_is_over_is_left_out_where_the_link_is_still_good,
    a_way_back_for_an_account_that_is_back_is_not_sent,
);

mod lost_answers {
    use super::{Stage, a_code_that_was_used_is_not_sent_again};

    testkit::on_every_backend!(Stage::on => a_code_that_was_used_is_not_sent_again);
}

async fn ask(app: &App, name: &str) {
    let named = Identifier::recognise(name);
    let asked = request_recovery(&app.services, &app.stranger(), &named).await;
    asked.expect("not asked too often");
}

/// What became of the mails, the oldest first, and why.
async fn fates(app: &App) -> Vec<(String, Option<String>)> {
    let mut jobs = of_kind(&app.database.dump().await, "deliver_mail");
    jobs.sort_by_key(|job| job.number("created_at"));
    let reason = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    jobs.iter().map(|job| (job.text("state"), job.bytes("last_error").map(reason))).collect()
}

fn done() -> (String, Option<String>) {
    ("done".to_owned(), None)
}

fn worthless() -> (String, Option<String>) {
    ("done".to_owned(), Some("what it says was used or replaced before it was sent".to_owned()))
}

async fn of_two_codes_the_newer_one_is_sent(app: App) {
    registered(&app.services, "ann").await;
    ask(&app, "ann").await;
    app.advance(Duration::from_mins(2));
    ask(&app, "ann").await;
    assert_eq!(app.run_jobs().await, 2);
    assert_eq!(fates(&app).await, [worthless(), done()]);
    let [mail] = <[Mail; 1]>::try_from(app.mailbox.mails()).expect("one mail");
    try_link(&app, &mail.link_token()).await.expect("it is the newest");
}

/// The answer of a mail server got lost: the owner has the mail, and we do not know.
async fn a_code_that_was_used_is_not_sent_again(stage: Stage) {
    let stage = stage.with(TestMailer::failing(Failure::Unavailable));
    let services = stage.services().await;
    registered(&services, "ann").await;
    let stranger = services.native(Client::default(), None);
    let named = Identifier::recognise("ann");
    request_recovery(&services, &stranger, &named).await.expect("asked");
    run(&services).await;
    let text = stage.mailer.asked.lock().expect("nobody panics")[0].text.clone();
    let (_, link) = text.split_once("?token=").expect("a link");
    let link = SecretToken::new(link.split_whitespace().next().expect("a token"));
    let ticket = recover_by_link(&services, &stranger, &link).await.expect("a ticket");
    let password = Password::new("another good passphrase");
    reset_password(&services, &stranger, &ticket, &password).await.expect("set");

    *stage.mailer.failure.lock().expect("nobody panics") = None;
    stage.clock.advance(Duration::from_mins(1));
    run(&services).await;
    let asked = stage.mailer.asked.lock().expect("nobody panics");
    let subjects: Vec<&str> = asked.iter().map(|mail| mail.subject.as_str()).collect();
    let codes = subjects.iter().filter(|subject| subject.contains("get back")).count();
    assert_eq!(
        (codes, subjects.len()),
        (1, 2),
        "then only that the password changed: {subjects:?}"
    );
}

async fn a_code_that_is_over_is_not_sent(app: App) {
    registered(&app.services, "ann").await;
    ask(&app, "ann").await;
    app.advance(DAY);
    app.run_jobs().await;
    let late = ("done".to_owned(), Some("came too late to be sent".to_owned()));
    assert_eq!(fates(&app).await, [late]);
    assert!(app.mailbox.mails().is_empty());
}

/// Codes of six digits live for ten minutes, links for fifteen.
async fn a_code_that_is_over_is_left_out_where_the_link_is_still_good(app: App) {
    registered(&app.services, "ann").await;
    ask(&app, "ann").await;
    app.advance(Duration::from_mins(11));
    app.run_jobs().await;
    let mail = app.mailbox.newest_to("ann@example.org");
    assert_eq!(mail.find_code(), None, "{}", mail.text);
    assert!(mail.text.contains("4 minutes") && !mail.text.contains("10 minutes"), "{}", mail.text);
    try_link(&app, &mail.link_token()).await.expect("it is good for four minutes more");
}

async fn a_way_back_for_an_account_that_is_back_is_not_sent(app: App) {
    let ann = registered(&app.services, "ann").await;
    delete(&app.services, ann.id).await;
    let operator = app.services.operator();
    restore_by_operator(&app.services, &operator, ann.id).await.expect("restored");
    app.run_jobs().await;
    assert_eq!(fates(&app).await, [worthless()]);
    assert!(app.mailbox.mails().is_empty());
}
