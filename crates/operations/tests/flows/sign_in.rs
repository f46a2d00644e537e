//! Signing in by the password and a code.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Password, Refusal, Surface};
use operations::Result;
use operations::accounts::block;
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
    assert_eq!(refusal(show(&app, &key, &code).await), Refusal::CodeInvalid);
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
    for _ in 0..3 {
        let key = know(&app, "AnnSmith1", PASSWORD).await.expect("a key");
        let code = mailed(&app, "AnnSmith1").await.code();
        for nth in 0..5 {
            assert!(show(&app, &key, &wrong(&code, nth)).await.is_err());
        }
        app.advance(Duration::from_hours(2));
    }
    know(&app, "AnnSmith1", PASSWORD).await.expect("nobody learns it");
    app.run_jobs().await;
    let link = app.mailbox.newest_to("AnnSmith1@example.org").link_token();
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
}
