//! A code is worth something in the flow that it was sent for, and nowhere else.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Password, Refusal};
use operations::flows::{
    ShownKey, begin_recovery, begin_sign_in, confirm_recovery, confirm_sign_in, recover_password,
};
use testkit::App;

use super::{PASSWORD, ctx, email, hardened, mailed, recovered, registered, sign_in, wrong};
use crate::support::{refusal, try_code};

const MINUTE: Duration = Duration::from_mins(1);
const NO_CODE: Refusal = Refusal::StepMissing(FlowKind::Recovery, FlowStep::NewPassword);
const NO_EMAIL: Refusal = Refusal::StepMissing(FlowKind::Recovery, FlowStep::Code);

testkit::on_every_backend!(App::on =>
    otp_07_codes_of_two_recoveries_are_no_codes_of_each_other,
    otp_07_codes_of_two_sign_ins_are_no_codes_of_each_other,
    otp_07_a_code_of_a_flow_is_worth_nothing_beside_it,
    otp_07_a_code_that_no_flow_sent_is_worth_nothing_in_one,
    lgn_11_a_key_that_was_planted_is_worth_nothing_after_the_code,
);

mod hiding {
    use super::{hardened, otp_07_a_text_that_is_no_address_begins_nothing};

    testkit::on_every_backend!(hardened => otp_07_a_text_that_is_no_address_begins_nothing);
}

async fn otp_07_codes_of_two_recoveries_are_no_codes_of_each_other(app: App) {
    registered(&app, "AnnSmith1").await;
    let mut flows = Vec::new();
    for _ in 0..2 {
        app.advance(2 * MINUTE);
        let key = begin_recovery(&app.services, &ctx(&app), &email("AnnSmith1")).await;
        flows.push((key.expect("a key"), mailed(&app, "AnnSmith1").await.code()));
    }
    let [(first, old), (second, new)] = &flows[..] else { unreachable!("two") };
    for code in [old, new, new, new, new] {
        assert_eq!(refusal(recovered(&app, first, code).await), Refusal::CodeInvalid);
    }
    if old != new {
        assert_eq!(refusal(recovered(&app, second, old).await), Refusal::CodeInvalid);
    }
    recovered(&app, second, new).await.expect("the newest, by its key");
}

async fn otp_07_codes_of_two_sign_ins_are_no_codes_of_each_other(app: App) {
    registered(&app, "AnnSmith1").await;
    let services = &app.services;
    let mut flows = Vec::new();
    for _ in 0..2 {
        app.advance(2 * MINUTE);
        let key = begin_sign_in(services, &ctx(&app), &sign_in("AnnSmith1", PASSWORD)).await;
        flows.push((key.expect("a key"), mailed(&app, "AnnSmith1").await.code()));
    }
    let [(first, old), (second, new)] = &flows[..] else { unreachable!("two") };
    for (key, code) in [(first, old), (first, new), (second, old)] {
        if key == second && old == new {
            continue;
        }
        let refused = refusal(confirm_sign_in(services, &ctx(&app), Some(key), code).await);
        assert_eq!(refused, Refusal::CodeInvalid);
    }
    confirm_sign_in(services, &ctx(&app), Some(second), new).await.expect("the newest, by its key");
}

/// Whoever has no key of the flow can neither use its code nor wear it out, by whatever name or
/// surface.
async fn otp_07_a_code_of_a_flow_is_worth_nothing_beside_it(app: App) {
    registered(&app, "AnnSmith1").await;
    app.advance(MINUTE);
    let key = begin_recovery(&app.services, &ctx(&app), &email("AnnSmith1")).await;
    let (key, code) = (key.expect("a key"), mailed(&app, "AnnSmith1").await.code());
    for name in ["AnnSmith1", "annsmith1@example.org"] {
        assert_eq!(refusal(try_code(&app, name, &code).await), Refusal::CodeInvalid);
        for nth in 0..20 {
            try_code(&app, name, &wrong(&code, nth)).await.expect_err("wrong");
        }
    }
    recovered(&app, &key, &code).await.expect("nobody has used it, or worn it out");
    app.advance(Duration::from_hours(2));
    begin_recovery(&app.services, &ctx(&app), &email("AnnSmith1")).await.expect("a key");
    assert_eq!(mailed(&app, "AnnSmith1").await.code().len(), 4, "nor made the next one longer");
}

async fn otp_07_a_code_that_no_flow_sent_is_worth_nothing_in_one(app: App) {
    registered(&app, "AnnSmith1").await;
    let key = begin_recovery(&app.services, &ctx(&app), &email("AnnSmith1")).await.expect("a key");
    app.advance(2 * MINUTE);
    let native = recover_in_russian(&app).await;
    assert_eq!(refusal(recovered(&app, &key, &native).await), Refusal::CodeInvalid);
    try_code(&app, "AnnSmith1", &native).await.expect("where it was asked for");
}

/// Whoever knows the key that a browser was made to show gains nothing by what its owner proves.
async fn lgn_11_a_key_that_was_planted_is_worth_nothing_after_the_code(app: App) {
    registered(&app, "AnnSmith1").await;
    let services = &app.services;
    for may_be_planted in [true, false] {
        app.advance(2 * MINUTE);
        let stranger = ctx(&app);
        let key = begin_recovery(services, &stranger, &email("AnnSmith1")).await.expect("a key");
        let code = mailed(&app, "AnnSmith1").await.code();
        let shown = ShownKey { key: key.clone(), may_be_planted };
        let next = confirm_recovery(services, &stranger, Some(&shown), &code).await;
        let next = next.expect("right");
        assert_eq!(next != key, may_be_planted, "a client that keeps its key itself keeps it");
        let new = Password::new("Another-7");
        if may_be_planted {
            let refused = recover_password(services, &stranger, Some(&key), &new).await;
            assert_eq!(refusal(refused), NO_CODE);
        }
        recover_password(services, &stranger, Some(&next), &new).await.expect("set");
    }
}

/// Mails keep the language of whoever registered.
async fn recover_in_russian(app: &App) -> String {
    let named = domain::Identifier::recognise("AnnSmith1");
    let stranger = app.stranger();
    operations::recovery::request_recovery(&app.services, &stranger, &named).await.expect("asked");
    mailed(app, "AnnSmith1").await.code()
}

/// However long it is; and it takes nothing from other texts, which are nobody's either.
async fn otp_07_a_text_that_is_no_address_begins_nothing(app: App) {
    for text in ["a".repeat(5000), "AnnSmith1".to_owned(), String::new(), "a@b@c".to_owned()] {
        let key = begin_recovery(&app.services, &ctx(&app), &text).await;
        let key: SecretToken = key.expect("the same answer as for everybody");
        assert_eq!(refusal(recovered(&app, &key, "12345678").await), NO_EMAIL);
    }
    assert_eq!(app.database.count("flows").await, 0);
    assert_eq!(app.database.count("rate_limits").await, 0, "and is counted nowhere");
}
