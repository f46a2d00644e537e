//! Signing in by the password and a code.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Password, Refusal, Surface};
use operations::Result;
use operations::accounts::{BlockTerms, block, block_on};
use operations::flows::{begin_sign_in, confirm_sign_in};
use operations::passwords::set_by_operator;
use operations::sessions::{SignedIn, authenticate};
use testkit::App;

use super::{PASSWORD, about, ctx, mailed, registered, sign_in, wrong};
use crate::support::{self, delete, refusal};

const MINUTE: Duration = Duration::from_mins(1);
const NOT_BEGUN: Refusal = Refusal::StepMissing(FlowKind::SignIn, FlowStep::Code);

testkit::on_every_backend!(App::on =>
    the_password_alone_opens_no_session,
    three_wrong_codes_end_it_and_the_owner_hears_of_the_first,
    a_code_is_worth_nothing_once_the_account_changed,
    otp_12_a_code_is_sent_once_a_minute,
    when_codes_are_off_the_way_back_is_sent,
    lgn_15_who_has_no_address_or_is_blocked_gets_none,
    otp_04_of_twenty_who_show_the_right_code_one_gets_in,
    of_twenty_wrong_codes_at_once_the_owner_hears_once,
    three_wrong_codes_end_it_however_long_they_are,
    lgn_12_wrong_passwords_are_told_of_whichever_flow_ends,
    a_block_that_is_over_ends_no_flow,
    a_mailbox_that_is_no_way_back_gets_none,
);

/// A second later: mails of one moment come in no order.
async fn know(app: &App, name: &str, password: &str) -> Result<SecretToken> {
    app.advance(Duration::from_secs(1));
    begin_sign_in(&app.services, &ctx(app), &sign_in(name, password)).await
}

async fn show(app: &App, key: &SecretToken, code: &str) -> Result<SignedIn> {
    confirm_sign_in(&app.services, &ctx(app), Some(key), code).await
}

async fn the_password_alone_opens_no_session(app: App) {
    let ann = registered(&app, "AnnSmith1").await;
    let key = know(&app, "annsmith1@EXAMPLE.org", PASSWORD).await.expect("a key");
    assert_eq!(app.database.count("sessions").await, 0);
    let code = mailed(&app, "AnnSmith1").await.code();
    assert_eq!(code.len(), 4);
    let signed_in = show(&app, &key, &code).await.expect("a session");
    assert_eq!(signed_in.user.id, ann.id);
    assert!(signed_in.tokens.refresh.is_none());
    let token = &signed_in.tokens.access.token;
    let who = authenticate(&app.services, &app.stranger(), token).await.expect("on all surfaces");
    assert_eq!(who.session.surface, Surface::MailedCodes);
    assert_eq!(refusal(show(&app, &key, &code).await), NOT_BEGUN, "once");
    assert_eq!(refusal(know(&app, "AnnSmith1", "Example8").await), Refusal::InvalidCredentials);
    assert_eq!(refusal(know(&app, "Nobody123", PASSWORD).await), Refusal::UserNotFound);
}

async fn three_wrong_codes_end_it_and_the_owner_hears_of_the_first(app: App) {
    registered(&app, "AnnSmith1").await;
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    assert_eq!(refusal(show(&app, &key, "nothing").await), Refusal::CodeInvalid);
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "знает ваш пароль"), 0, "that was no guess");
    for nth in 0..3 {
        assert_eq!(refusal(show(&app, &key, &wrong(&code, nth)).await), Refusal::CodeInvalid);
    }
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "знает ваш пароль"), 1);
    assert_eq!(refusal(show(&app, &key, &code).await), NOT_BEGUN);
    app.advance(2 * MINUTE);
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("the password once more");
    let code = mailed(&app, "AnnSmith1").await.code();
    assert_eq!(code.len(), 6, "longer from now on");
    show(&app, &key, &code).await.expect("the owner");
}

async fn a_code_is_worth_nothing_once_the_account_changed(app: App) {
    let ann = registered(&app, "AnnSmith1").await;
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    let (services, operator) = (&app.services, app.services.operator());
    let other = Password::new("an entirely different staple");
    set_by_operator(services, &operator, ann.id, &other).await.expect("set");
    assert_eq!(refusal(show(&app, &key, &code).await), NOT_BEGUN);
    app.advance(2 * MINUTE);
    let key = know(&app, "AnnSmith1", other.reveal()).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    delete(services, ann.id).await;
    assert!(show(&app, &key, &code).await.is_err());
    assert_eq!(app.database.count("sessions").await, 0);
}

async fn otp_12_a_code_is_sent_once_a_minute(app: App) {
    registered(&app, "AnnSmith1").await;
    know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let refused = refusal(know(&app, "annsmith1@example.org", PASSWORD).await);
    assert!(matches!(refused, Refusal::TooManyRequests { retry_after } if retry_after <= MINUTE));
    app.advance(MINUTE);
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    show(&app, &key, &mailed(&app, "AnnSmith1").await.code()).await.expect("a session");
}

async fn when_codes_are_off_the_way_back_is_sent(app: App) {
    registered(&app, "AnnSmith1").await;
    for _ in 0..4 {
        let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
        let code = mailed(&app, "AnnSmith1").await.code();
        for nth in 0..5 {
            assert!(show(&app, &key, &wrong(&code, nth)).await.is_err());
        }
        app.advance(Duration::from_hours(2));
    }
    know(&app, "AnnSmith1", PASSWORD).await.expect("nobody learns it");
    app.run_jobs().await;
    let mail = app.mailbox.newest_to("AnnSmith1@example.org");
    assert_eq!(mail.find_code(), None, "nobody asked for one: {}", mail.text);
    let link = mail.link_token();
    let ticket = support::try_link(&app, &link).await.expect("the way back");
    support::set_password(&app, &ticket, "an entirely different staple").await.expect("set");
    app.advance(2 * MINUTE);
    let key = know(&app, "AnnSmith1", "an entirely different staple").await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    show(&app, &key, &code).await.expect("codes are back");
}

async fn lgn_15_who_has_no_address_or_is_blocked_gets_none(app: App) {
    let mut nameless = super::registration("BobSmith1");
    nameless.identifiers.email = None;
    nameless.password = Password::new(testkit::PASSWORD);
    operations::accounts::register(&app.services, &app.stranger(), &nameless).await.expect("made");
    let refused = refusal(know(&app, "BobSmith1", testkit::PASSWORD).await);
    assert_eq!(refused, Refusal::ChannelMissing);
    let ann = registered(&app, "AnnSmith1").await;
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    block(&app.services, &app.services.operator(), ann.id).await.expect("blocked");
    assert!(show(&app, &key, &code).await.is_err());
    app.advance(2 * MINUTE);
    assert_eq!(refusal(know(&app, "AnnSmith1", PASSWORD).await), Refusal::AccountBlocked);
    assert_eq!(app.database.count("sessions").await, 0);
}

async fn otp_04_of_twenty_who_show_the_right_code_one_gets_in(app: App) {
    registered(&app, "AnnSmith1").await;
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    let beside = app.beside().await;
    let apps = [&app, &beside];
    let tries = (0..20).map(|nth| show(apps[nth % 2], &key, &code));
    let tried = futures_util::future::join_all(tries).await;
    assert_eq!(tried.into_iter().flatten().count(), 1);
    assert_eq!(app.database.count("sessions").await, 1);
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "знает ваш пароль"), 0, "a double click is no guess");
}

async fn of_twenty_wrong_codes_at_once_the_owner_hears_once(app: App) {
    registered(&app, "AnnSmith1").await;
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    let beside = app.beside().await;
    let apps = [&app, &beside];
    let codes: Vec<String> = (0..20).map(|nth| wrong(&code, nth)).collect();
    let tries = codes.iter().enumerate().map(|(nth, code)| show(apps[nth % 2], &key, code));
    let tried = futures_util::future::join_all(tries).await;
    assert_eq!(tried.into_iter().flatten().count(), 0);
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "знает ваш пароль"), 1);
}

/// §4.2: the password has to be shown again, also where the code would endure more.
async fn three_wrong_codes_end_it_however_long_they_are(app: App) {
    registered(&app, "AnnSmith1").await;
    for digits in [4, 6] {
        let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
        let code = mailed(&app, "AnnSmith1").await.code();
        assert_eq!(code.len(), digits);
        for nth in 0..3 {
            assert_eq!(refusal(show(&app, &key, &wrong(&code, nth)).await), Refusal::CodeInvalid);
        }
        assert_eq!(refusal(show(&app, &key, &code).await), NOT_BEGUN);
        app.advance(2 * MINUTE);
    }
    assert_eq!(app.database.count("sessions").await, 0);
}

/// Whoever knows the password and not the code makes nothing forgotten of how it was found.
async fn lgn_12_wrong_passwords_are_told_of_whichever_flow_ends(app: App) {
    let ann = registered(&app, "AnnSmith1").await;
    for _ in 0..6 {
        app.advance(2 * MINUTE);
        refusal(know(&app, "AnnSmith1", "Example8").await);
    }
    app.advance(2 * MINUTE);
    know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    app.advance(10 * MINUTE);
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    show(&app, &key, &code).await.expect("a session");
    let told = |events: Vec<String>| {
        events.iter().filter(|event| event.ends_with("signed_in_after_failures")).count()
    };
    assert_eq!(told(support::events_of(&app, ann.id).await), 1);
    app.advance(2 * MINUTE);
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    show(&app, &key, &code).await.expect("a session");
    assert_eq!(told(support::events_of(&app, ann.id).await), 1, "once");
}

/// What lifts it later changes nothing in the account.
async fn a_block_that_is_over_ends_no_flow(app: App) {
    let ann = registered(&app, "AnnSmith1").await;
    let terms = BlockTerms { until: Some(app.now() + 10 * MINUTE), ..BlockTerms::default() };
    block_on(&app.services, &app.services.operator(), ann.id, &terms).await.expect("blocked");
    app.advance(11 * MINUTE);
    let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    show(&app, &key, &code).await.expect("a session");
}

/// REG-14: nobody has shown that it is the owner's, and a phone was shown to be.
async fn a_mailbox_that_is_no_way_back_gets_none(app: App) {
    let mut bob = super::registration("BobSmith1");
    bob.identifiers.phone = Some("+15550100001".to_owned());
    bob.password = Password::new(testkit::PASSWORD);
    let bob = operations::accounts::register(&app.services, &app.stranger(), &bob).await;
    let id = bob.expect("made").id;
    for _ in 0..4 {
        let key = know(&app, "BobSmith1", testkit::PASSWORD).await.expect("a key");
        let code = mailed(&app, "BobSmith1").await.code();
        for nth in 0..5 {
            assert!(show(&app, &key, &wrong(&code, nth)).await.is_err());
        }
        app.advance(Duration::from_hours(2));
    }
    let shown: storage::Result<()> = storage::transact!(app.database.store, |tx| {
        storage::users::verify_phone(tx, id, app.now()).await?;
    });
    shown.expect("the number is his");
    app.run_jobs().await;
    let before = app.mailbox.mails().len();
    let refused = refusal(know(&app, "BobSmith1", testkit::PASSWORD).await);
    assert_eq!(refused, Refusal::ChannelMissing);
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), before, "a link that leads nowhere is not sent");
}
