//! Back into an account without its password (security.md §1.5).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Refusal, Status, Surface};
use operations::accounts::{
    self, AccountChange, Change, NewIdentifiers, Register, UpdateOwn, update_own,
};
use operations::recovery::{request_recovery, send_recovery};
use operations::verification::{
    Channel, Claimant, send_verification, verify_by_code, verify_by_link,
};
use testkit::{App, PASSWORD};

use crate::support::{
    acting, change_on, events_of, is_dead, mail_to, recover, refusal, registered, registration,
    set_password, signed_in, to_email, try_code, try_link, try_sign_in,
};

const NEW: &str = "an entirely different staple";
const MINUTE: Duration = Duration::from_mins(1);
const EVIL_PHONE: &str = "+4915111111111";
const VICTIMS_PHONE: &str = "+4915122222222";

testkit::on_every_backend!(App::on =>
    rcv_05_a_new_password_ends_every_session_and_all_that_was_sent,
    rcv_03_a_ticket_is_good_once_and_for_fifteen_minutes,
    rcv_03_of_twenty_who_use_one_ticket_one_succeeds,
    rcv_01_nobody_hears_whether_there_is_such_an_account,
    rcv_07_a_deleted_or_blocked_account_is_not_recovered,
    reg_14_whoever_reads_the_mail_gets_the_account_whole,
    a_password_that_breaks_a_rule_spends_no_ticket,
    reg_14_a_contact_that_nobody_showed_does_not_survive_a_recovery,
    reg_14_recovery_by_phone_drops_an_address_that_nobody_showed,
    reg_16_a_ticket_dies_with_the_phone_that_it_was_sent_to,
    reg_16_a_ticket_dies_when_its_address_goes_to_somebody_else,
    reg_14_a_link_is_no_way_back_once_another_address_is_verified,
    a_verified_address_is_the_only_way_back,
    rcv_05_a_password_set_by_the_operator_ends_what_was_sent,
    lgn_02_recovery_gives_a_disabled_password_back,
    a_block_that_is_over_keeps_nobody_from_recovering,
    pwd_14_an_administrator_sends_the_way_back_and_learns_nothing,
);

async fn rcv_05_a_new_password_ends_every_session_and_all_that_was_sent(app: App) {
    let ann = registered(&app.services, "ann").await;
    let sessions = [signed_in(&app.services, "ann").await, signed_in(&app.services, "ann").await];
    let mail = recover(&app, "ann").await;
    let ticket = try_code(&app, "ann", &mail.code()).await.expect("the code is right");
    app.advance(2 * MINUTE);
    let later = recover(&app, "ann").await;
    signed_in(&app.services, "ann").await;
    set_password(&app, &ticket, NEW).await.expect("a good ticket");
    for session in &sessions {
        assert!(is_dead(&app.services, session).await);
    }
    assert_eq!(refusal(try_link(&app, &later.link_token()).await), Refusal::LinkInvalid);
    assert!(try_sign_in(&app.services, "ann", PASSWORD).await.is_err());
    try_sign_in(&app.services, "ann", NEW).await.expect("the new one");
    mail_to(&app, "ann@example.org", "password was changed").await;
    assert!(app.account("ann").await.email_verified, "whoever reads the mail owns the address");
    let events = events_of(&app, ann.id).await;
    assert!(events.contains(&"user.password_changed".to_owned()), "{events:?}");
    assert!(events.contains(&"user.email_verified".to_owned()), "{events:?}");
}

async fn rcv_03_a_ticket_is_good_once_and_for_fifteen_minutes(app: App) {
    registered(&app.services, "ann").await;
    let late = try_link(&app, &recover(&app, "ann").await.link_token()).await.expect("a ticket");
    app.advance(15 * MINUTE);
    assert_eq!(refusal(set_password(&app, &late, NEW).await), Refusal::LinkInvalid);
    let link = recover(&app, "ann").await.link_token();
    let ticket = try_link(&app, &link).await.expect("a ticket");
    assert_eq!(refusal(try_link(&app, ticket.reveal()).await), Refusal::LinkInvalid, "no link");
    let link = SecretToken::new(link);
    assert_eq!(refusal(set_password(&app, &link, NEW).await), Refusal::LinkInvalid, "no ticket");
    app.advance(Duration::from_secs(899));
    set_password(&app, &ticket, NEW).await.expect("in time");
    assert_eq!(refusal(set_password(&app, &ticket, PASSWORD).await), Refusal::LinkInvalid);
}

async fn rcv_03_of_twenty_who_use_one_ticket_one_succeeds(app: App) {
    registered(&app.services, "ann").await;
    let ticket = try_link(&app, &recover(&app, "ann").await.link_token()).await.expect("a ticket");
    let beside = app.beside().await;
    let apps = [&app, &beside];
    let uses = (0..20).map(|nth| set_password(apps[nth % 2], &ticket, NEW));
    let outcomes = futures_util::future::join_all(uses).await;
    assert_eq!(outcomes.into_iter().flatten().count(), 1);
}

async fn rcv_01_nobody_hears_whether_there_is_such_an_account(app: App) {
    registered(&app.services, "ann").await;
    for name in ["ann", "bob", "bob@example.org", "+15550100", "\0"] {
        let named = Identifier::recognise(name);
        request_recovery(&app.services, &app.stranger(), &named).await.expect("one answer");
        let outcome = try_code(&app, name, "000000").await;
        assert_eq!(refusal(outcome), Refusal::CodeInvalid, "{name}");
    }
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), 1, "and one mail");
    let rows = app.database.dump().await;
    assert_eq!(rows.rows("confirmations").len(), 5, "the same is written for everybody");
    assert_eq!(
        rows.rows("jobs").iter().filter(|job| job.text("kind") == "deliver_mail").count(),
        5
    );
    try_sign_in(&app.services, "ann", PASSWORD).await.expect("nothing has changed");
}

async fn rcv_07_a_deleted_or_blocked_account_is_not_recovered(app: App) {
    let services = &app.services;
    for name in ["ann", "bob"] {
        registered(services, name).await;
    }
    let links = [recover(&app, "ann").await, recover(&app, "bob").await];
    let ticket = try_link(&app, &recover_again(&app, "bob").await).await.expect("a ticket");
    let (ann, bob) = (app.account("ann").await.id, app.account("bob").await.id);
    accounts::delete(services, &app.services.operator(), ann).await.expect("deleted");
    accounts::block(services, &app.services.operator(), bob).await.expect("blocked");
    for mail in &links {
        assert_eq!(refusal(try_link(&app, &mail.link_token()).await), Refusal::LinkInvalid);
    }
    assert_eq!(refusal(set_password(&app, &ticket, NEW).await), Refusal::LinkInvalid);
    app.advance(Duration::from_hours(1));
    let before = app.mailbox.mails().len();
    for name in ["ann", "bob"] {
        let named = Identifier::recognise(name);
        request_recovery(services, &app.stranger(), &named).await.expect("one answer");
    }
    let restoration = app.run_jobs().await;
    assert!(restoration > 0);
    let recovery = app.mailbox.mails().split_off(before);
    assert!(recovery.iter().all(|mail| !mail.subject.contains("get back")), "{recovery:?}");
    assert!(matches!(app.account("ann").await.status, Status::Deleted { .. }));
    accounts::unblock(services, &app.services.operator(), bob).await.expect("unblocked");
    assert_eq!(refusal(set_password(&app, &ticket, NEW).await), Refusal::LinkInvalid, "for good");
}

async fn recover_again(app: &App, name: &str) -> String {
    app.advance(2 * MINUTE);
    recover(app, name).await.link_token()
}

async fn reg_14_whoever_reads_the_mail_gets_the_account_whole(app: App) {
    registered(&app.services, "victim").await;
    let attacker = signed_in(&app.services, "victim").await;
    let (user, session, ctx) = acting(&app.services, &attacker).await;
    let change = AccountChange {
        email: Change::Set("attacker@example.org".to_owned()),
        ..AccountChange::default()
    };
    let current_password = Some(domain::Password::new(PASSWORD));
    let request = UpdateOwn { change, password: None, current_password };
    update_own(&app.services, &ctx, &user, session, &request).await.expect("it waits");
    let link = recover(&app, "victim").await.link_token();
    let ticket = try_link(&app, &link).await.expect("the owner of the address");
    set_password(&app, &ticket, NEW).await.expect("a new password");
    assert!(is_dead(&app.services, &attacker).await);
    assert!(try_sign_in(&app.services, "victim", PASSWORD).await.is_err());
    let account = app.account("victim").await;
    assert_eq!(account.pending_email, None, "what the attacker asked for is gone");
    assert_eq!(account.email.as_deref(), Some("victim@example.org"));
    assert!(account.email_verified);
}

/// Pre-hijacking by the second contact: whoever registered the victim's address named a number of
/// his own beside it.
async fn reg_14_a_contact_that_nobody_showed_does_not_survive_a_recovery(app: App) {
    let services = &app.services;
    let victim = hijacked(&app, "victim@example.org", EVIL_PHONE).await;
    let link = recover(&app, "victim@example.org").await.link_token();
    let ticket = try_link(&app, &link).await.expect("the owner of the address");
    set_password(&app, &ticket, NEW).await.expect("a new password");
    let account = app.account("victim@example.org").await;
    assert_eq!((account.id, account.phone), (victim.id, None));
    let events = events_of(&app, victim.id).await;
    assert!(events.contains(&"user.profile_updated".to_owned()), "{events:?}");
    app.advance(2 * MINUTE);
    let phone = Identifier::of_kind(IdentifierKind::Phone, EVIL_PHONE);
    let claimant = Claimant::Named(phone.clone());
    let (texts, stranger) = (app.mailbox.texts().len(), app.stranger());
    let sent = send_verification(services, &stranger, &claimant, Channel::Phone).await;
    sent.expect("one answer");
    request_recovery(services, &app.stranger(), &phone).await.expect("one answer");
    app.run_jobs().await;
    assert_eq!(app.mailbox.texts().len(), texts, "the number is nobody's");
    assert!(try_sign_in(services, EVIL_PHONE, NEW).await.is_err());
}

async fn reg_14_recovery_by_phone_drops_an_address_that_nobody_showed(app: App) {
    let victim = hijacked(&app, "evil@example.org", VICTIMS_PHONE).await;
    let phone = Identifier::of_kind(IdentifierKind::Phone, VICTIMS_PHONE);
    request_recovery(&app.services, &app.stranger(), &phone).await.expect("sent");
    app.run_jobs().await;
    let code = app.mailbox.newest_text_to(VICTIMS_PHONE).code();
    let ticket = try_code(&app, VICTIMS_PHONE, &code).await.expect("the owner of the number");
    set_password(&app, &ticket, NEW).await.expect("a new password");
    let account = app.account(VICTIMS_PHONE).await;
    assert_eq!((account.id, account.email, account.phone_verified), (victim.id, None, true));
    let events = events_of(&app, victim.id).await;
    assert!(events.contains(&"user.email_changed".to_owned()), "{events:?}");
}

async fn hijacked(app: &App, email: &str, phone: &str) -> domain::User {
    let identifiers = NewIdentifiers {
        username: None,
        email: Some(email.to_owned()),
        phone: Some(phone.to_owned()),
    };
    let request = Register { identifiers, ..registration("hijacker") };
    accounts::register(&app.services, &app.stranger(), &request).await.expect("a new account")
}

async fn reg_16_a_ticket_dies_with_the_phone_that_it_was_sent_to(app: App) {
    let identifiers =
        NewIdentifiers { phone: Some(VICTIMS_PHONE.to_owned()), ..NewIdentifiers::default() };
    let identifiers = NewIdentifiers { username: Some("ann".to_owned()), ..identifiers };
    let request = Register { identifiers, ..registration("ann") };
    accounts::register(&app.services, &app.stranger(), &request).await.expect("a new account");
    for removes in [false, true] {
        let number = app.account("ann").await.phone.expect("a number");
        let phone = Identifier::of_kind(IdentifierKind::Phone, &number);
        request_recovery(&app.services, &app.stranger(), &phone).await.expect("sent");
        app.run_jobs().await;
        let code = app.mailbox.newest_text_to(&number).code();
        let ticket = try_code(&app, "ann", &code).await.expect("a ticket");
        let who = signed_in(&app.services, "ann").await;
        let phone = if removes { Change::Clear } else { Change::Set("+4915133333333".to_owned()) };
        let change = AccountChange { phone, ..AccountChange::default() };
        change_on(&app, &who, Surface::Native, change).await.expect("changed");
        let outcome = set_password(&app, &ticket, NEW).await;
        assert_eq!(refusal(outcome), Refusal::LinkInvalid, "removes: {removes}");
        app.advance(2 * MINUTE);
    }
}

async fn reg_16_a_ticket_dies_when_its_address_goes_to_somebody_else(app: App) {
    let (services, address) = (&app.services, "squatter@example.org");
    registered(services, "squatter").await;
    let link = recover(&app, "squatter").await.link_token();
    let ticket = try_link(&app, &link).await.expect("a ticket");
    registered(services, "owner").await;
    let who = signed_in(services, "owner").await;
    change_on(&app, &who, Surface::Native, to_email(address)).await.expect("it waits");
    let (user, session, ctx) = acting(services, &who).await;
    let claimant = Claimant::Own { user: user.id, session };
    send_verification(services, &ctx, &claimant, Channel::Email).await.expect("sent");
    let link = SecretToken::new(mail_to(&app, address, "Confirm").await.link_token());
    verify_by_link(services, &app.stranger(), Channel::Email, &link).await.expect("shown");
    assert_eq!(app.account(address).await.username.as_deref(), Some("owner"));
    assert_eq!(refusal(set_password(&app, &ticket, NEW).await), Refusal::LinkInvalid);
    try_sign_in(services, "squatter", PASSWORD).await.expect("it has its password");
}

async fn reg_14_a_link_is_no_way_back_once_another_address_is_verified(app: App) {
    let services = &app.services;
    hijacked(&app, "evil@example.org", VICTIMS_PHONE).await;
    let link = recover(&app, "evil@example.org").await.link_token();
    let phone = Identifier::of_kind(IdentifierKind::Phone, VICTIMS_PHONE);
    let claimant = Claimant::Named(phone.clone());
    let sent = send_verification(services, &app.stranger(), &claimant, Channel::Phone).await;
    sent.expect("sent");
    app.run_jobs().await;
    let code = app.mailbox.newest_text_to(VICTIMS_PHONE).code();
    let verified =
        verify_by_code(services, &app.stranger(), &claimant, Channel::Phone, &code).await;
    assert!(verified.expect("the code is right").phone_verified);
    assert_eq!(refusal(try_link(&app, &link).await), Refusal::LinkInvalid);
    request_recovery(services, &app.stranger(), &phone).await.expect("sent");
    app.run_jobs().await;
    let link = app.mailbox.newest_text_to(VICTIMS_PHONE).link_token();
    try_link(&app, &link).await.expect("the verified one is the way");
}

async fn a_password_that_breaks_a_rule_spends_no_ticket(app: App) {
    registered(&app.services, "ann").await;
    let ticket = try_link(&app, &recover(&app, "ann").await.link_token()).await.expect("a ticket");
    for weak in ["short", "password123", "ann@example.org"] {
        let outcome = refusal(set_password(&app, &ticket, weak).await);
        assert!(matches!(outcome, Refusal::Invalid(_)), "{weak}: {outcome:?}");
    }
    set_password(&app, &ticket, NEW).await.expect("still good");
}

async fn a_verified_address_is_the_only_way_back(app: App) {
    let services = &app.services;
    registered(services, "ann").await;
    let link = recover(&app, "ann").await.link_token();
    let ticket = try_link(&app, &link).await.expect("a ticket");
    set_password(&app, &ticket, NEW).await.expect("verified by the way");
    let session = try_sign_in(services, "ann", NEW).await.expect("signed in");
    let (user, session, ctx) = acting(services, &session).await;
    let phone = Change::Set("+15550100".to_owned());
    let change = AccountChange { phone, ..AccountChange::default() };
    let current_password = Some(domain::Password::new(NEW));
    let request = UpdateOwn { change, password: None, current_password };
    update_own(services, &ctx, &user, session, &request).await.expect("an unverified number");
    app.run_jobs().await;
    app.advance(Duration::from_hours(1));
    let before = app.mailbox.mails().len();
    let named = Identifier::recognise("+15550100");
    request_recovery(services, &app.stranger(), &named).await.expect("one answer");
    app.run_jobs().await;
    let mails = app.mailbox.mails().split_off(before);
    assert_eq!(mails.len(), 1, "by mail, whatever was named");
    assert_eq!(mails[0].to, "ann@example.org");
    try_code(&app, "+15550100", &mails[0].code()).await.expect("by the name that was given");
}

async fn rcv_05_a_password_set_by_the_operator_ends_what_was_sent(app: App) {
    let ann = registered(&app.services, "ann").await;
    let mail = recover(&app, "ann").await;
    let (operator, password) = (app.services.operator(), domain::Password::new(NEW));
    let set = operations::passwords::set_by_operator(&app.services, &operator, ann.id, &password);
    set.await.expect("set");
    assert_eq!(refusal(try_code(&app, "ann", &mail.code()).await), Refusal::CodeInvalid);
    assert_eq!(refusal(try_link(&app, &mail.link_token()).await), Refusal::LinkInvalid);
}

async fn lgn_02_recovery_gives_a_disabled_password_back(app: App) {
    registered(&app.services, "ann").await;
    for _ in 0..100 {
        let outcome = try_sign_in(&app.services, "ann", "wrong").await;
        assert!(outcome.is_err());
        app.advance(Duration::from_mins(16));
    }
    assert!(try_sign_in(&app.services, "ann", PASSWORD).await.is_err(), "disabled");
    let ticket = try_link(&app, &recover(&app, "ann").await.link_token()).await.expect("a ticket");
    set_password(&app, &ticket, NEW).await.expect("set");
    try_sign_in(&app.services, "ann", NEW).await.expect("the owner is back");
}

async fn a_block_that_is_over_keeps_nobody_from_recovering(app: App) {
    let ann = registered(&app.services, "ann").await;
    let until = Some(app.now() + Duration::from_hours(1));
    let terms = accounts::BlockTerms { reason: None, until };
    let operator = app.services.operator();
    accounts::block_on(&app.services, &operator, ann.id, &terms).await.expect("blocked");
    app.advance(Duration::from_hours(2));
    let mail = recover(&app, "ann").await;
    let ticket = try_code(&app, "ann", &mail.code()).await.expect("a ticket");
    set_password(&app, &ticket, NEW).await.expect("set");
}

async fn pwd_14_an_administrator_sends_the_way_back_and_learns_nothing(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await;
    // Guessed at until codes are off.
    for _ in 0..7 {
        let mail = recover(&app, "ann").await;
        for _ in 0..3 {
            let _ = try_code(&app, "ann", "000000").await;
        }
        app.advance(Duration::from_hours(2));
        if mail.find_code().is_none() {
            break;
        }
    }
    assert_eq!(recover(&app, "ann").await.find_code(), None);
    app.advance(Duration::from_mins(1));
    let operator = services.operator();
    send_recovery(services, &operator, ann.id).await.expect("sent");
    let mail = mail_to(&app, "ann@example.org", "get back").await;
    let ticket = try_code(&app, "ann", &mail.code()).await.expect("forgiven");
    set_password(&app, &ticket, NEW).await.expect("set");

    let unknown = domain::UserId(uuid::Uuid::nil());
    assert_eq!(refusal(send_recovery(services, &operator, unknown).await), Refusal::UserNotFound);
    accounts::block(services, &operator, ann.id).await.expect("blocked");
    assert_eq!(refusal(send_recovery(services, &operator, ann.id).await), Refusal::AccountBlocked);
    accounts::delete(services, &operator, ann.id).await.expect("deleted");
    assert_eq!(refusal(send_recovery(services, &operator, ann.id).await), Refusal::UserNotFound);

    let mut nameless = registration("bob");
    nameless.identifiers.email = None;
    let bob = accounts::register(services, &app.stranger(), &nameless).await.expect("bob");
    let outcome = send_recovery(services, &operator, bob.id).await;
    assert_eq!(refusal(outcome), Refusal::ChannelMissing);
}
