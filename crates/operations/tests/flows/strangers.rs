//! What strangers cause keeps no owner out.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Password, Refusal};
use operations::flows::{begin_recovery, begin_sign_in, confirm_sign_in};
use testkit::App;

use super::{
    PASSWORD, about, ask, ctx, email, hardened, mailed, registered, registration, show, sign_in,
    wrong,
};
use crate::support::refusal;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

testkit::on_every_backend!(App::on =>
    lgn_08_mails_that_strangers_cause_keep_no_owner_out,
    otp_14_a_mailbox_that_nobody_showed_gets_ten_codes_a_day,
    guesses_keep_no_owner_from_registering,
);

mod hiding {
    use super::{hardened, otp_14_whoever_registers_a_taken_address_uses_up_no_mails_of_its_owner};

    testkit::on_every_backend!(hardened =>
        otp_14_whoever_registers_a_taken_address_uses_up_no_mails_of_its_owner,
    );
}

/// §4.4: nobody is locked out by what anybody may ask for.
async fn lgn_08_mails_that_strangers_cause_keep_no_owner_out(app: App) {
    registered(&app, "AnnSmith1").await;
    for _ in 0..4 {
        for _ in 0..3 {
            app.advance(2 * MINUTE);
            begin_recovery(&app.services, &ctx(&app), &email("AnnSmith1")).await.expect("a key");
        }
        app.advance(HOUR);
    }
    app.run_jobs().await;
    assert!(about(&app, "AnnSmith1", "вернуться") < 10, "the address had enough for today");
    let key = begin_sign_in(&app.services, &ctx(&app), &sign_in("AnnSmith1", PASSWORD)).await;
    let (key, code) = (key.expect("a key"), mailed(&app, "AnnSmith1").await.code());
    confirm_sign_in(&app.services, &ctx(&app), Some(&key), &code).await.expect("the owner");
}

/// Whoever registers with a mailbox that is not his knows a password, too.
async fn otp_14_a_mailbox_that_nobody_showed_gets_ten_codes_a_day(app: App) {
    let ann = Password::new(testkit::PASSWORD);
    let request = operations::accounts::Register { password: ann, ..registration("AnnSmith1") };
    operations::accounts::register(&app.services, &app.stranger(), &request).await.expect("made");
    let begin = || async {
        app.advance(15 * MINUTE);
        begin_sign_in(&app.services, &ctx(&app), &sign_in("AnnSmith1", testkit::PASSWORD)).await
    };
    for _ in 0..10 {
        begin().await.expect("a key");
    }
    assert!(matches!(refusal(begin().await), Refusal::TooManyRequests { .. }));
    app.advance(24 * HOUR);
    begin().await.expect("the next day");
}

/// Whoever wears out the codes of an address makes the next ones longer, and ends none. Nor does the
/// owner wait for others: so many guesses as his own code endures are his.
async fn guesses_keep_no_owner_from_registering(app: App) {
    let mut lengths = Vec::new();
    for _ in 0..4 {
        app.advance(2 * MINUTE);
        let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
        let code = mailed(&app, "AnnSmith1").await.code();
        lengths.push(code.len());
        for nth in 0..5 {
            let guessed = refusal(show(&app, &key, &wrong(&code, nth)).await);
            assert_eq!(guessed, Refusal::CodeInvalid);
        }
    }
    assert_eq!(lengths, [4, 6, 8, 10]);
    app.advance(2 * MINUTE);
    let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    assert_eq!(code.len(), 10);
    show(&app, &key, &code).await.expect("the owner of the mailbox");
    registered(&app, "BobSmith1").await;
}

async fn otp_14_whoever_registers_a_taken_address_uses_up_no_mails_of_its_owner(app: App) {
    let mut ann = registration("AnnSmith1");
    ann.password = Password::new("a long enough phrase");
    let key = ask(&app, &ann).await.expect("a key");
    show(&app, &key, &mailed(&app, "AnnSmith1").await.code()).await.expect("an account");
    ann.identifiers.username = Some("Stranger1".to_owned());
    for _ in 0..12 {
        app.advance(15 * MINUTE);
        ask(&app, &ann).await.expect("the same answer");
    }
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "уже"), 1, "{:#?}", app.mailbox.mails());
    begin_recovery(&app.services, &ctx(&app), &email("AnnSmith1")).await.expect("a key");
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "вернуться"), 1, "{:#?}", app.mailbox.mails());
}
