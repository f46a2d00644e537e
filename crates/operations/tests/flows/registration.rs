//! Registering by a code.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::flow::{FlowKind, FlowStep};
use domain::{IdentifierKind, Refusal};
use operations::flows::{confirm_registration, confirm_sign_in};
use testkit::{App, Backend};

use super::{
    PASSWORD, about, ask, ctx, email, hardened, mailed, recovered, registration, show, wrong,
};
use crate::support::{events_of, refusal};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const NOT_BEGUN: Refusal = Refusal::StepMissing(FlowKind::Registration, FlowStep::Code);

testkit::on_every_backend!(App::on =>
    there_is_no_account_before_the_code_came_back,
    otp_04_of_twenty_who_show_the_right_code_one_is_registered,
    otp_05_a_code_endures_three_wrong_guesses,
    otp_07_a_code_is_good_for_the_flow_that_it_was_sent_for,
    otp_08_only_the_newest_code_is_good,
    otp_09_no_dump_shows_what_waits,
    a_flow_is_over_after_six_minutes_and_a_code_after_five,
    a_name_that_somebody_else_took_meanwhile_is_refused,
);

mod hiding {
    use super::{
        hardened, otp_03_a_longer_code_lives_no_longer_than_its_flow,
        reg_12_a_taken_address_takes_the_same_steps_and_tells_its_owner,
        short_codes_are_for_the_other_profile,
    };

    testkit::on_every_backend!(hardened =>
        reg_12_a_taken_address_takes_the_same_steps_and_tells_its_owner,
        short_codes_are_for_the_other_profile,
        otp_03_a_longer_code_lives_no_longer_than_its_flow,
    );
}

async fn there_is_no_account_before_the_code_came_back(app: App) {
    let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    assert_eq!(app.database.count("users").await, 0);
    let mail = mailed(&app, "AnnSmith1").await;
    assert_eq!(mail.code().len(), 4, "{}", mail.text);
    assert!(mail.subject.contains("регистрац") || mail.text.contains("регистрац"), "{}", mail.text);
    let user = show(&app, &key, &mail.code()).await.expect("an account");
    assert!(user.email_verified);
    assert_eq!(user.email, Some(email("AnnSmith1")));
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "Добро пожаловать"), 1, "{:#?}", app.mailbox.mails());
    let events = events_of(&app, user.id).await;
    assert_eq!(events[..2], ["user.registered".to_owned(), "user.email_verified".to_owned()]);
    assert_eq!(refusal(show(&app, &key, &mail.code()).await), NOT_BEGUN, "once");
    assert_eq!(app.database.count("flows").await, 0);
}

async fn otp_04_of_twenty_who_show_the_right_code_one_is_registered(app: App) {
    let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    let beside = app.beside().await;
    let apps = [&app, &beside];
    let tries = (0..20).map(|nth| show(apps[nth % 2], &key, &code));
    let tried = futures_util::future::join_all(tries).await;
    assert_eq!(tried.iter().filter(|tried| tried.is_ok()).count(), 1);
    for refused in tried.into_iter().filter(Result::is_err) {
        assert!(matches!(refusal(refused), Refusal::CodeInvalid | Refusal::StepMissing(..)));
    }
    assert_eq!(app.database.count("users").await, 1);
}

async fn otp_05_a_code_endures_three_wrong_guesses(app: App) {
    let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    // What is no code costs none (OTP-11).
    for odd in ["", "null", "1", "12345678901", " 123", "١٢٣٤"] {
        assert_eq!(refusal(show(&app, &key, odd).await), Refusal::CodeInvalid, "{odd:?}");
    }
    for nth in 0..3 {
        assert_eq!(refusal(show(&app, &key, &wrong(&code, nth)).await), Refusal::CodeInvalid);
    }
    assert_eq!(refusal(show(&app, &key, &code).await), Refusal::CodeInvalid);
    app.advance(2 * MINUTE);
    ask(&app, &registration("AnnSmith1")).await.expect("another");
    assert_eq!(mailed(&app, "AnnSmith1").await.code().len(), 6, "the next is longer");
}

async fn otp_07_a_code_is_good_for_the_flow_that_it_was_sent_for(app: App) {
    let ann = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let bob = ask(&app, &registration("BobSmith1")).await.expect("a key");
    let codes = [mailed(&app, "AnnSmith1").await.code(), mailed(&app, "BobSmith1").await.code()];
    if codes[0] != codes[1] {
        assert_eq!(refusal(show(&app, &ann, &codes[1]).await), Refusal::CodeInvalid);
    }
    let (services, stranger) = (&app.services, ctx(&app));
    let elsewhere = recovered(&app, &ann, &codes[0]).await;
    assert!(matches!(refusal(elsewhere), Refusal::StepMissing(FlowKind::Recovery, _)));
    let elsewhere = confirm_sign_in(services, &stranger, Some(&ann), &codes[0]).await;
    assert!(matches!(refusal(elsewhere), Refusal::StepMissing(FlowKind::SignIn, _)));
    let native = app.stranger();
    let native = confirm_registration(services, &native, Some(&ann), &codes[0]).await;
    assert_eq!(refusal(native), NOT_BEGUN, "a flow belongs to its surface");
    let none = confirm_registration(services, &stranger, None, &codes[0]).await;
    assert_eq!(refusal(none), NOT_BEGUN);
    show(&app, &ann, &codes[0]).await.expect("its own");
    show(&app, &bob, &codes[1]).await.expect("its own");
}

async fn otp_08_only_the_newest_code_is_good(app: App) {
    let first = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let old = mailed(&app, "AnnSmith1").await.code();
    app.advance(2 * MINUTE);
    let second = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let new = mailed(&app, "AnnSmith1").await.code();
    assert_eq!(refusal(show(&app, &first, &old).await), Refusal::CodeInvalid, "replaced");
    // Nor does the old key open with the new code, however often it is tried: that costs the owner
    // of the new one nothing.
    for _ in 0..5 {
        assert_eq!(refusal(show(&app, &first, &new).await), Refusal::CodeInvalid);
    }
    show(&app, &second, &new).await.expect("the newest");
}

async fn otp_09_no_dump_shows_what_waits(app: App) {
    let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    let dump = app.database.dump().await;
    for secret in [key.reveal(), PASSWORD, "AnnSmith1", "annsmith1"] {
        assert_eq!(dump.places_of(secret), Vec::<String>::new(), "{secret}");
    }
    let row = &dump.rows("confirmations")[0];
    assert_ne!(row.bytes("code_hash"), Some(code.as_bytes()));
    app.advance(HOUR);
    app.sweep().await;
    assert_eq!(app.database.count("flows").await, 0, "what is over is forgotten");
}

async fn a_flow_is_over_after_six_minutes_and_a_code_after_five(app: App) {
    let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    app.advance(5 * MINUTE);
    assert_eq!(refusal(show(&app, &key, &code).await), Refusal::CodeInvalid);
    app.advance(MINUTE);
    assert_eq!(refusal(show(&app, &key, &code).await), NOT_BEGUN);
    let key = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let code = mailed(&app, "AnnSmith1").await.code();
    app.advance(Duration::from_secs(299));
    show(&app, &key, &code).await.expect("a second is left");
}

async fn a_name_that_somebody_else_took_meanwhile_is_refused(app: App) {
    let mut other = registration("BobSmith1");
    other.identifiers.username = Some("ANNsmith1".to_owned());
    let ann = ask(&app, &registration("AnnSmith1")).await.expect("a key");
    let bob = ask(&app, &other).await.expect("the name is free yet");
    let code = mailed(&app, "AnnSmith1").await.code();
    show(&app, &ann, &code).await.expect("first");
    let refused = refusal(show(&app, &bob, &mailed(&app, "BobSmith1").await.code()).await);
    let Refusal::IdentifierTaken(taken) = &refused else { panic!("{refused:?}") };
    assert_eq!(taken.kinds().collect::<Vec<_>>(), [IdentifierKind::Username]);
    assert_eq!(app.database.count("users").await, 1, "nothing was written");
    let refused = refusal(ask(&app, &registration("AnnSmith1")).await);
    let Refusal::IdentifierTaken(taken) = &refused else { panic!("{refused:?}") };
    assert_eq!(taken.kinds().count(), 2, "name and address");
}

async fn reg_12_a_taken_address_takes_the_same_steps_and_tells_its_owner(app: App) {
    let mut ann = registration("AnnSmith1");
    ann.password = domain::Password::new("a long enough phrase");
    let key = ask(&app, &ann).await.expect("a key");
    show(&app, &key, &mailed(&app, "AnnSmith1").await.code()).await.expect("an account");
    app.advance(HOUR);
    let mut taken = ann;
    taken.identifiers.username = Some("Stranger1".to_owned());
    let mut free = registration("Newcomer1");
    free.password = domain::Password::new("a long enough phrase");
    let (first, of_taken) = storage::counted(Box::pin(ask(&app, &taken))).await;
    let (second, of_free) = storage::counted(Box::pin(ask(&app, &free))).await;
    let (key, second) = (first.expect("the same answer"), second.expect("the same answer"));
    assert_eq!(of_taken, of_free, "as many statements");
    app.run_jobs().await;
    assert_eq!(about(&app, "AnnSmith1", "уже"), 1, "{:#?}", app.mailbox.mails());
    for code in ["0000", "000000", "123456"] {
        assert_eq!(refusal(show(&app, &key, code).await), Refusal::CodeInvalid);
    }
    let mut expected = None;
    let wrong = wrong(&mailed(&app, "Newcomer1").await.code(), 0);
    for key in [&key, &second] {
        let (refused, took) = storage::counted(Box::pin(show(&app, key, &wrong))).await;
        assert_eq!(refusal(refused), Refusal::CodeInvalid);
        assert_eq!(*expected.get_or_insert(took), took, "as many statements");
    }
    // A username is there to be seen.
    free.identifiers.username = Some("AnnSmith1".to_owned());
    free.identifiers.email = Some(email("Another1"));
    assert!(matches!(refusal(ask(&app, &free).await), Refusal::IdentifierTaken(_)));
    assert_eq!(app.database.count("users").await, 1);
}

async fn short_codes_are_for_the_other_profile(app: App) {
    let mut ann = registration("AnnSmith1");
    ann.password = domain::Password::new("a long enough phrase");
    ask(&app, &ann).await.expect("a key");
    assert_eq!(mailed(&app, "AnnSmith1").await.code().len(), 6);
}

/// Nothing is left of a code when its flow is over, and the mail says so.
async fn otp_03_a_longer_code_lives_no_longer_than_its_flow(app: App) {
    let mut ann = registration("AnnSmith1");
    ann.password = domain::Password::new("a long enough phrase");
    let key = ask(&app, &ann).await.expect("a key");
    let mail = mailed(&app, "AnnSmith1").await;
    assert!(mail.text.contains("Код действует 6 минут"), "{}", mail.text);
    app.advance(Duration::from_secs(359));
    show(&app, &key, &mail.code()).await.expect("a second is left");
}

/// With dialects of the other kind nobody waits for a second mail.
#[tokio::test]
async fn one_mail_asks_for_the_code_and_none_for_verification() {
    let app = hardened(Backend::Sqlite).await;
    let mut ann = registration("AnnSmith1");
    ann.password = domain::Password::new("a long enough phrase");
    let key = ask(&app, &ann).await.expect("a key");
    show(&app, &key, &mailed(&app, "AnnSmith1").await.code()).await.expect("an account");
    app.run_jobs().await;
    let codes = app.mailbox.mails().iter().filter(|mail| mail.find_code().is_some()).count();
    assert_eq!(codes, 1, "{:#?}", app.mailbox.mails());
}
