//! Text messages: to whom a phone is the only way.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::deletion::RestorationNotice;
use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Password, Refusal, Surface, User};
use operations::accounts::{self, NewIdentifiers, Register, Restore, UpdateOther};
use operations::recovery::request_recovery;
use operations::verification::{
    Channel, Claimant, send_verification, verify_by_code, verify_by_link,
};
use storage::Backend;
use testkit::{App, PASSWORD};

use crate::support::{
    self, change_on, mail_to, refusal, set_password, signed_in, to_email, to_phone, try_code,
    try_link, try_sign_in,
};

const NUMBER: &str = "+4915112345678";
const NEW: &str = "an entirely different staple";

testkit::on_every_backend!(asking =>
    a_phone_is_verified_by_code_or_by_link,
    an_account_with_only_a_phone_is_recovered_by_text,
    an_account_with_only_a_phone_is_restored_by_text,
    reg_18_texts_to_numbers_that_begin_alike_are_capped,
    reg_16_a_number_that_is_added_is_told_about_by_mail,
    reg_16_a_number_that_is_replaced_hears_of_it_where_there_is_no_mailbox,
    reg_16_the_link_for_a_number_goes_to_no_address_that_nobody_showed,
    reg_16_an_administrators_change_of_a_number_is_told,
    r_15_a_text_that_comes_too_late_is_not_sent,
);

mod without_texts {
    use super::{nothing_is_sent_where_there_are_no_texts, silent};

    testkit::on_every_backend!(silent => nothing_is_sent_where_there_are_no_texts);
}

async fn asking(backend: Backend) -> App {
    App::with(&[("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true")]).start(backend).await
}

async fn silent(backend: Backend) -> App {
    let settings = [
        ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true"),
        ("VESTIBULE_SMS__TRANSPORT", "none"),
    ];
    App::with(&settings).start(backend).await
}

async fn registered(app: &App, number: &str) -> User {
    let request = Register {
        identifiers: NewIdentifiers { phone: Some(number.to_owned()), ..NewIdentifiers::default() },
        password: Password::new(PASSWORD),
        first_name: None,
        last_name: None,
        roles: Vec::new(),
        idempotency_key: None,
    };
    accounts::register(&app.services, &app.stranger(), &request).await.expect("a new account")
}

fn named(number: &str) -> Identifier {
    Identifier::of_kind(IdentifierKind::Phone, number)
}

async fn a_phone_is_verified_by_code_or_by_link(app: App) {
    registered(&app, NUMBER).await;
    app.run_jobs().await;
    let text = app.mailbox.newest_text_to(NUMBER);
    assert!(text.text.contains(&text.code()), "{}", text.text);
    assert!(text.text.contains("/link/verify-phone?token="), "{}", text.text);
    let claimant = Claimant::Named(named(NUMBER));
    let (services, ctx) = (&app.services, app.stranger());
    let user = verify_by_code(services, &ctx, &claimant, Channel::Phone, &text.code()).await;
    assert!(user.expect("the code is right").phone_verified);

    let other = "+4915112345679";
    registered(&app, other).await;
    app.advance(Duration::from_mins(2));
    let (ctx, claimant) = (app.stranger(), Claimant::Named(named(other)));
    send_verification(services, &ctx, &claimant, Channel::Phone).await.expect("once more");
    app.run_jobs().await;
    let link = SecretToken::new(app.mailbox.newest_text_to(other).link_token());
    let user = verify_by_link(services, &ctx, Channel::Phone, &link).await;
    assert!(user.expect("the link is right").phone_verified);
    assert_eq!(app.mailbox.mails().len(), 0);
}

async fn an_account_with_only_a_phone_is_recovered_by_text(app: App) {
    registered(&app, NUMBER).await;
    app.run_jobs().await;
    for by_link in [false, true] {
        app.advance(Duration::from_mins(2));
        let asked = request_recovery(&app.services, &app.stranger(), &named(NUMBER)).await;
        asked.expect("not asked too often");
        app.run_jobs().await;
        let text = app.mailbox.newest_text_to(NUMBER);
        let ticket = if by_link {
            try_link(&app, &text.link_token()).await
        } else {
            try_code(&app, NUMBER, &text.code()).await
        };
        set_password(&app, &ticket.expect("a ticket"), NEW).await.expect("set");
    }
    assert!(app.account(NUMBER).await.phone_verified, "whoever reads the text has the phone");
    try_sign_in(&app.services, NUMBER, NEW).await.expect("the owner is back");
}

async fn an_account_with_only_a_phone_is_restored_by_text(app: App) {
    let user = registered(&app, NUMBER).await;
    app.run_jobs().await;
    app.advance(Duration::from_secs(1));
    let deletion = accounts::delete(&app.services, &app.services.operator(), user.id).await;
    let deletion = deletion.expect("deleted").expect("it was there");
    assert_eq!(deletion.notice, RestorationNotice::Texted);
    app.run_jobs().await;
    let text = app.mailbox.newest_text_to(NUMBER);
    assert!(text.text.contains("/link/restore?token="), "{}", text.text);
    let request = Restore { identifier: named(NUMBER), token: SecretToken::new(text.link_token()) };
    let restored = accounts::restore(&app.services, &app.stranger(), &request).await;
    assert_eq!(restored.expect("restored").id, user.id);
}

async fn reg_18_texts_to_numbers_that_begin_alike_are_capped(app: App) {
    for last in 0..110 {
        registered(&app, &format!("+491511234{last:04}")).await;
    }
    registered(&app, "+4915222222222").await;
    app.run_jobs().await;
    assert_eq!(app.mailbox.texts().len(), 101, "100 to one prefix, and the other one");
    app.advance(Duration::from_hours(1));
    let (ctx, claimant) = (app.stranger(), Claimant::Named(named("+4915112340109")));
    let sent = send_verification(&app.services, &ctx, &claimant, Channel::Phone).await;
    sent.expect("an hour later");
    app.run_jobs().await;
    app.mailbox.newest_text_to("+4915112340109");
}

async fn reg_16_a_number_that_is_added_is_told_about_by_mail(app: App) {
    support::registered(&app.services, "ann").await;
    let thief = signed_in(&app.services, "ann").await;
    change_on(&app, &thief, Surface::Native, to_phone(NUMBER)).await.expect("added");
    let mail = mail_to(&app, "ann@example.org", "phone number").await;
    assert!(!mail.text.contains(NUMBER) && !mail.text.contains("/link/"), "{}", mail.text);
}

async fn reg_16_a_number_that_is_replaced_hears_of_it_where_there_is_no_mailbox(app: App) {
    registered(&app, NUMBER).await;
    let who = signed_in(&app.services, NUMBER).await;
    change_on(&app, &who, Surface::Native, to_phone("+4915222222222")).await.expect("replaced");
    app.run_jobs().await;
    let text = app.mailbox.newest_text_to(NUMBER).text;
    assert!(text.contains("phone number"), "{text}");
    assert!(!text.contains("/link/"), "it may be a stranger's by now: {text}");
}

async fn reg_16_the_link_for_a_number_goes_to_no_address_that_nobody_showed(app: App) {
    support::registered(&app.services, "ann").await;
    let thief = signed_in(&app.services, "ann").await;
    change_on(&app, &thief, Surface::Native, to_phone(NUMBER)).await.expect("added");
    change_on(&app, &thief, Surface::Djoser, to_email("evil@example.org")).await.expect("at once");
    change_on(&app, &thief, Surface::Djoser, to_phone("+4915222222222")).await.expect("replaced");
    let mail = mail_to(&app, "evil@example.org", "phone number").await;
    assert!(!mail.text.contains("/link/"), "{}", mail.text);
    let mails = app.mailbox.mails();
    let to_evil = |mail: &&testkit::Mail| mail.to == "evil@example.org";
    let links = mails.iter().filter(to_evil).filter(|mail| mail.text.contains("take-back"));
    assert_eq!(links.count(), 0);
    let text = app.mailbox.newest_text_to(NUMBER).text;
    assert!(text.contains("phone number"), "the number hears of it: {text}");
}

async fn reg_16_an_administrators_change_of_a_number_is_told(app: App) {
    let services = &app.services;
    let only_phone = registered(&app, NUMBER).await;
    let ann = support::registered(services, "ann").await;
    let request = |number: &str| UpdateOther { change: to_phone(number), ..UpdateOther::default() };
    let operator = services.operator();
    let other = request("+4915222222222");
    accounts::update_other(services, &operator, only_phone.id, &other).await.expect("changed");
    let other = request("+4915233333333");
    accounts::update_other(services, &operator, ann.id, &other).await.expect("changed");
    app.run_jobs().await;
    let text = app.mailbox.newest_text_to(NUMBER).text;
    assert!(text.contains("phone number"), "{text}");
    mail_to(&app, "ann@example.org", "phone number").await;
}

async fn r_15_a_text_that_comes_too_late_is_not_sent(app: App) {
    registered(&app, NUMBER).await;
    app.advance(Duration::from_hours(25));
    app.run_jobs().await;
    assert_eq!(app.mailbox.texts().len(), 0);
}

async fn nothing_is_sent_where_there_are_no_texts(app: App) {
    let user = registered(&app, NUMBER).await;
    let claimant = Claimant::Named(named(NUMBER));
    let sent = send_verification(&app.services, &app.stranger(), &claimant, Channel::Phone).await;
    assert_eq!(refusal(sent), Refusal::ChannelMissing);
    let asked = request_recovery(&app.services, &app.stranger(), &named(NUMBER)).await;
    asked.expect("one answer");
    let deletion = accounts::delete(&app.services, &app.services.operator(), user.id).await;
    let deletion = deletion.expect("deleted").expect("it was there");
    assert_eq!(deletion.notice, RestorationNotice::OnlyByAdministrator);
    app.run_jobs().await;
    assert_eq!(app.mailbox.texts().len(), 0);
}
