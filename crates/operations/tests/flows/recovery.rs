//! A new password by a code.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Password, Refusal};
use operations::Result;
use operations::accounts::block;
use operations::flows::{begin_recovery, recover_password};
use operations::passwords::set_by_operator;
use testkit::App;

use super::{
    PASSWORD, ctx, email, hardened, mailed, recovered, registered, registration, show, wrong,
};
use crate::support::{delete, is_dead, refusal, try_sign_in};

const MINUTE: Duration = Duration::from_mins(1);
const NEW: &str = "Another-7";
const NO_EMAIL: Refusal = Refusal::StepMissing(FlowKind::Recovery, FlowStep::Code);
const NO_CODE: Refusal = Refusal::StepMissing(FlowKind::Recovery, FlowStep::NewPassword);

testkit::on_every_backend!(App::on =>
    rcv_05_the_steps_come_one_after_the_other_and_end_every_session,
    rcv_03_of_twenty_new_passwords_one_is_set,
    otp_04_of_twenty_who_show_the_right_code_one_goes_on,
    rcv_07_whoever_is_gone_or_blocked_meanwhile_does_not_come_back,
    otp_08_a_password_that_was_set_meanwhile_ends_it,
    each_step_gives_six_minutes_for_the_next,
    otp_06_five_wrong_codes_leave_the_link_alone,
    a_purge_leaves_no_flow,
    who_is_named_and_not_there_is_said,
);

mod hiding {
    use super::{hardened, rcv_01_a_way_back_is_asked_for_by_the_same_steps_whoever_is_named};

    testkit::on_every_backend!(hardened =>
        rcv_01_a_way_back_is_asked_for_by_the_same_steps_whoever_is_named,
    );
}

/// A second later: mails of one moment come in no order.
async fn ask(app: &App, name: &str) -> Result<SecretToken> {
    app.advance(Duration::from_secs(1));
    begin_recovery(&app.services, &ctx(app), &email(name)).await
}

async fn set(app: &App, key: &SecretToken, password: &str) -> Result<domain::User> {
    recover_password(&app.services, &ctx(app), Some(key), &Password::new(password)).await
}

async fn rcv_05_the_steps_come_one_after_the_other_and_end_every_session(app: App) {
    registered(&app, "AnnSmith1").await;
    let session = try_sign_in(&app.services, "AnnSmith1", PASSWORD).await.expect("signed in");
    let key = ask(&app, "AnnSmith1").await.expect("a key");
    assert_eq!(refusal(set(&app, &key, NEW).await), NO_CODE, "the code comes first");
    let code = mailed(&app, "AnnSmith1").await.code();
    assert_eq!(refusal(recovered(&app, &key, &wrong(&code, 0)).await), Refusal::CodeInvalid);
    recovered(&app, &key, &code).await.expect("the code is right");
    assert_eq!(refusal(recovered(&app, &key, &code).await), NO_EMAIL, "once");
    let refused = refusal(set(&app, &key, "Another7").await);
    assert!(matches!(refused, Refusal::Invalid(_)), "{refused:?}: no dash");
    set(&app, &key, NEW).await.expect("set");
    assert_eq!(refusal(set(&app, &key, NEW).await), NO_CODE, "once");
    assert!(is_dead(&app.services, &session).await);
    try_sign_in(&app.services, "AnnSmith1", NEW).await.expect("the new one");
    assert!(try_sign_in(&app.services, "AnnSmith1", PASSWORD).await.is_err());
}

async fn rcv_03_of_twenty_new_passwords_one_is_set(app: App) {
    registered(&app, "AnnSmith1").await;
    let key = ask(&app, "AnnSmith1").await.expect("a key");
    recovered(&app, &key, &mailed(&app, "AnnSmith1").await.code()).await.expect("right");
    let beside = app.beside().await;
    let apps = [&app, &beside];
    let passwords: Vec<String> = (0..20).map(|nth| format!("{NEW}{nth}")).collect();
    let tries =
        passwords.iter().enumerate().map(|(nth, password)| set(apps[nth % 2], &key, password));
    let tried = futures_util::future::join_all(tries).await;
    let set: Vec<usize> = (0..20).filter(|nth| tried[*nth].is_ok()).collect();
    let [winner] = set[..] else { panic!("{set:?}") };
    for refused in tried.into_iter().filter(Result::is_err) {
        assert_eq!(refusal(refused), NO_CODE);
    }
    try_sign_in(&app.services, "AnnSmith1", &passwords[winner])
        .await
        .expect("the one that was set");
}

async fn otp_04_of_twenty_who_show_the_right_code_one_goes_on(app: App) {
    registered(&app, "AnnSmith1").await;
    let key = ask(&app, "AnnSmith1").await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    let beside = app.beside().await;
    let apps = [&app, &beside];
    let tries = (0..20).map(|nth| recovered(apps[nth % 2], &key, &code));
    let tried = futures_util::future::join_all(tries).await;
    assert_eq!(tried.iter().filter(|tried| tried.is_ok()).count(), 1);
    for refused in tried.into_iter().filter(Result::is_err) {
        assert!(matches!(refusal(refused), Refusal::CodeInvalid | Refusal::StepMissing(..)));
    }
    set(&app, &key, NEW).await.expect("whoever was first");
}

/// RCV-07, between any two steps.
async fn rcv_07_whoever_is_gone_or_blocked_meanwhile_does_not_come_back(app: App) {
    let (services, operator) = (&app.services, app.services.operator());
    for (name, shows_before) in [("AnnSmith1", false), ("BobSmith1", true)] {
        let user = registered(&app, name).await;
        let key = ask(&app, name).await.expect("a key");
        let code = mailed(&app, name).await.code();
        if shows_before {
            recovered(&app, &key, &code).await.expect("right");
        }
        block(services, &operator, user.id).await.expect("blocked");
        if !shows_before {
            assert_eq!(refusal(recovered(&app, &key, &code).await), Refusal::CodeInvalid);
        }
        assert_eq!(refusal(set(&app, &key, NEW).await), NO_CODE, "{name} is blocked");
        app.advance(HOUR_AND_MORE);
    }
    let gone = registered(&app, "Carolin1").await;
    let key = ask(&app, "Carolin1").await.expect("a key");
    recovered(&app, &key, &mailed(&app, "Carolin1").await.code()).await.expect("right");
    delete(services, gone.id).await;
    assert_eq!(refusal(set(&app, &key, NEW).await), NO_CODE);
}

async fn otp_08_a_password_that_was_set_meanwhile_ends_it(app: App) {
    let ann = registered(&app, "AnnSmith1").await;
    let (services, operator) = (&app.services, app.services.operator());
    let other = Password::new("an entirely different staple");
    for shows_before in [false, true] {
        let key = ask(&app, "AnnSmith1").await.expect("a key");
        let code = mailed(&app, "AnnSmith1").await.code();
        if shows_before {
            recovered(&app, &key, &code).await.expect("right");
        }
        set_by_operator(services, &operator, ann.id, &other).await.expect("set");
        if !shows_before {
            assert_eq!(refusal(recovered(&app, &key, &code).await), Refusal::CodeInvalid);
        }
        assert_eq!(refusal(set(&app, &key, NEW).await), NO_CODE);
        app.advance(HOUR_AND_MORE);
    }
    try_sign_in(services, "AnnSmith1", other.reveal()).await.expect("as it was set");
}

async fn each_step_gives_six_minutes_for_the_next(app: App) {
    registered(&app, "AnnSmith1").await;
    let key = ask(&app, "AnnSmith1").await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    app.advance(4 * MINUTE);
    recovered(&app, &key, &code).await.expect("right");
    app.advance(Duration::from_secs(359));
    set(&app, &key, NEW).await.expect("ten minutes after the beginning");
    app.advance(HOUR_AND_MORE);
    let key = ask(&app, "AnnSmith1").await.expect("a key");
    recovered(&app, &key, &mailed(&app, "AnnSmith1").await.code()).await.expect("right");
    app.advance(6 * MINUTE);
    assert_eq!(refusal(set(&app, &key, NEW).await), NO_CODE);
}

const HOUR_AND_MORE: Duration = Duration::from_mins(90);

/// §4.2, rule 2: of short codes that recover an account five wrong ones in a row turn codes off.
async fn otp_06_five_wrong_codes_leave_the_link_alone(app: App) {
    registered(&app, "AnnSmith1").await;
    for guesses in [3, 2] {
        let key = ask(&app, "AnnSmith1").await.expect("a key");
        let code = mailed(&app, "AnnSmith1").await.code();
        for nth in 0..guesses {
            assert_eq!(
                refusal(recovered(&app, &key, &wrong(&code, nth)).await),
                Refusal::CodeInvalid
            );
        }
        app.advance(HOUR_AND_MORE);
    }
    ask(&app, "AnnSmith1").await.expect("nobody learns it");
    app.run_jobs().await;
    let mail = app.mailbox.newest_to(&email("AnnSmith1"));
    assert_eq!(mail.find_code(), None, "{}", mail.text);
    assert!(!mail.link_token().is_empty());
}

async fn a_purge_leaves_no_flow(app: App) {
    let ann = registered(&app, "AnnSmith1").await;
    ask(&app, "AnnSmith1").await.expect("a key");
    assert_eq!(app.database.count("flows").await, 1);
    let operator = app.services.operator();
    operations::accounts::delete_for_good(&app.services, &operator, ann.id).await.expect("deleted");
    app.run_jobs().await;
    assert_eq!(app.database.count("flows").await, 0);
}

async fn who_is_named_and_not_there_is_said(app: App) {
    assert_eq!(refusal(ask(&app, "Nobody123").await), Refusal::UserNotFound);
    let ann = registered(&app, "AnnSmith1").await;
    delete(&app.services, ann.id).await;
    assert_eq!(refusal(ask(&app, "AnnSmith1").await), Refusal::UserNotFound);
    let no_address = begin_recovery(&app.services, &ctx(&app), "AnnSmith1").await;
    assert_eq!(refusal(no_address), Refusal::UserNotFound);
}

async fn rcv_01_a_way_back_is_asked_for_by_the_same_steps_whoever_is_named(app: App) {
    let mut ann = registration("AnnSmith1");
    ann.password = Password::new("a long enough phrase");
    let key = super::ask(&app, &ann).await.expect("a key");
    let ann = show(&app, &key, &mailed(&app, "AnnSmith1").await.code()).await.expect("an account");
    let mut expected = None;
    for name in ["AnnSmith1", "Nobody123"] {
        let (key, taken) = storage::counted(Box::pin(ask(&app, name))).await;
        let key = key.expect("one answer");
        assert_eq!(*expected.get_or_insert(taken), taken, "{name}");
        let (wrong, _) = storage::counted(Box::pin(recovered(&app, &key, "00000000"))).await;
        assert_eq!(refusal(wrong), Refusal::CodeInvalid, "{name}");
    }
    assert_eq!(mailed(&app, "AnnSmith1").await.code().len(), 8, "worth the account");
    delete(&app.services, ann.id).await;
    app.advance(MINUTE);
    ask(&app, "AnnSmith1").await.expect("one answer");
}
