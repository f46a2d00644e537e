//! OTP-14: nobody's mailbox is filled, whatever it is that is told.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::Password;
use domain::deletion::RestorationNotice;
use operations::accounts::{AccountChange, Change, UpdateOwn, delete_own, restore_by_operator};
use operations::accounts::{DeleteOwn, update_own};
use testkit::{App, PASSWORD};

use crate::support::{
    DAY, acting, mail_to, recover, registered, set_password, signed_in, try_link, try_sign_in,
};

const NEW: &str = "an entirely different staple";

testkit::on_every_backend!(App::on =>
    otp_14_an_address_that_nobody_verified_is_told_ten_times_a_day_of_everything,
    what_strangers_ask_for_hides_no_notice,
    otp_14_an_owner_is_told_of_each_kind_ten_times_a_day,
    otp_14_who_is_not_told_how_to_restore_an_account_is_not_told_that_he_was,
);

/// Asks for `count` other addresses, one after the other, for an account with this password.
async fn change_often(app: &App, name: &str, with: &str, count: usize) {
    let session = try_sign_in(&app.services, name, with).await.expect("signed in");
    for nth in 0..count {
        let (user, session, ctx) = acting(&app.services, &session).await;
        let email = Change::Set(format!("a{nth}@example.net"));
        let request = UpdateOwn {
            change: AccountChange { email, ..AccountChange::default() },
            password: None,
            current_password: Some(Password::new(with)),
        };
        update_own(&app.services, &ctx, &user, session, &request).await.expect("it waits");
    }
}

fn mails_to(app: &App, address: &str) -> usize {
    app.mailbox.mails().iter().filter(|mail| mail.to == address).count()
}

async fn otp_14_an_address_that_nobody_verified_is_told_ten_times_a_day_of_everything(app: App) {
    registered(&app.services, "victim").await;
    recover(&app, "victim").await;
    change_often(&app, "victim", PASSWORD, 15).await;
    app.run_jobs().await;
    assert_eq!(mails_to(&app, "victim@example.org"), 1 + 10);
    app.advance(DAY);
    change_often(&app, "victim", PASSWORD, 1).await;
    app.run_jobs().await;
    assert_eq!(mails_to(&app, "victim@example.org"), 1 + 10 + 1, "the next day");
}

/// Else whoever asks often enough decides what the owner is not told.
async fn what_strangers_ask_for_hides_no_notice(app: App) {
    registered(&app.services, "ann").await;
    for _ in 0..20 {
        app.advance(Duration::from_mins(21));
        recover(&app, "ann").await;
    }
    let asked_for = mails_to(&app, "ann@example.org");
    assert_eq!(asked_for, 10, "no more is sent on this day");
    change_often(&app, "ann", PASSWORD, 1).await;
    app.run_jobs().await;
    assert_eq!(mails_to(&app, "ann@example.org"), asked_for + 1, "another address was asked for");
}

async fn otp_14_an_owner_is_told_of_each_kind_ten_times_a_day(app: App) {
    registered(&app.services, "ann").await;
    let link = recover(&app, "ann").await.link_token();
    let ticket = try_link(&app, &link).await.expect("a ticket");
    set_password(&app, &ticket, NEW).await.expect("verified by the way");
    app.run_jobs().await;
    let before = mails_to(&app, "ann@example.org");
    change_often(&app, "ann", NEW, 15).await;
    app.run_jobs().await;
    assert_eq!(mails_to(&app, "ann@example.org"), before + 10);
    // Noise hides nothing else.
    let operator = app.services.operator();
    let ann = app.account("ann").await.id;
    operations::accounts::block(&app.services, &operator, ann).await.expect("blocked");
    mail_to(&app, "ann@example.org", "blocked").await;
}

async fn otp_14_who_is_not_told_how_to_restore_an_account_is_not_told_that_he_was(app: App) {
    let ann = registered(&app.services, "ann").await;
    for nth in 0..11 {
        let signed_in = signed_in(&app.services, "ann").await;
        let (user, session, ctx) = acting(&app.services, &signed_in).await;
        let request = DeleteOwn { current_password: Some(Password::new(PASSWORD)) };
        let deletion = delete_own(&app.services, &ctx, &user, session, &request).await;
        let notice = deletion.expect("deleted").notice;
        let by_hand = RestorationNotice::OnlyByAdministrator;
        let expected = if nth < 10 { RestorationNotice::Mailed } else { by_hand };
        assert_eq!(notice, expected, "{nth}");
        app.run_jobs().await;
        let operator = app.services.operator();
        restore_by_operator(&app.services, &operator, ann.id).await.expect("restored");
    }
    assert_eq!(mails_to(&app, "ann@example.org"), 10);
}
