//! Addresses, and whose they are (REG-14 to REG-17).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, Refusal, Surface, User};
use operations::accounts::{
    self, AccountChange, Change, NewIdentifiers, Register, UpdateOwn, take_back, update_own,
};
use operations::sessions::{SignedIn, authenticate, refresh};
use operations::verification::{
    Channel, Claimant, send_verification, verify_by_code, verify_by_link,
};
use operations::{Client, Result};
use storage::Backend;
use testkit::{App, PASSWORD};

use crate::support::{
    acting, change_on, events_of, is_dead, mail_to, recover, refresh_of, refusal, registered,
    registration, set_password, signed_in, to_email, try_link, try_sign_in,
};

const EMAIL: Channel = Channel::Email;
const MINUTE: Duration = Duration::from_mins(1);

testkit::on_every_backend!(asking =>
    a_new_address_is_verified_by_code_or_by_link,
    a_new_address_is_verified_by_whoever_cannot_sign_in_yet,
    an_address_that_waits_takes_the_place_of_the_old_one,
    reg_16_what_was_sent_to_the_old_address_is_worth_nothing,
    reg_17_a_code_verifies_no_other_address_than_its_own,
    reg_14_an_address_goes_to_whoever_shows_that_it_is_his,
    reg_14_an_address_that_waits_is_not_barred_by_who_only_says_it_is_his,
    reg_16_an_address_that_was_replaced_at_once_is_taken_back,
    reg_16_an_address_that_waits_is_called_off_by_the_present_one,
    reg_16_no_address_waits_beyond_a_new_password_or_a_restoration,
    reg_16_an_address_asked_for_with_a_new_password_waits,
    otp_07_a_code_is_good_for_nothing_else,
);
mod where_it_is_needed {
    use super::{lgn_15_an_unverified_account_gets_no_token, strict};

    testkit::on_every_backend!(strict =>
        lgn_15_an_unverified_account_gets_no_token,
    );
}

async fn asking(backend: Backend) -> App {
    App::with(&[("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true")]).start(backend).await
}

async fn strict(backend: Backend) -> App {
    let settings = [
        ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true"),
        ("VESTIBULE_ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true"),
    ];
    App::with(&settings).start(backend).await
}

/// Changes the address of somebody who is signed in, natively or on `surface`.
async fn change(app: &App, who: &SignedIn, surface: Surface, email: &str) -> Result<User> {
    change_on(app, who, surface, to_email(email)).await
}

async fn by_code(app: &App, who: &SignedIn, code: &str) -> Result<User> {
    let ctx = app.stranger();
    let who = authenticate(&app.services, &ctx, &who.tokens.access.token).await?;
    let claimant = Claimant::own(&who.user, &who.session);
    verify_by_code(&app.services, &who.context(&ctx), &claimant, EMAIL, code).await
}

async fn by_link(app: &App, link: &str) -> Result<User> {
    verify_by_link(&app.services, &app.stranger(), EMAIL, &SecretToken::new(link)).await
}

async fn a_new_address_is_verified_by_code_or_by_link(app: App) {
    let ann = registered(&app.services, "ann").await;
    let who = signed_in(&app.services, "ann").await;
    let mail = mail_to(&app, "ann@example.org", "Confirm").await;
    assert_eq!(refusal(by_code(&app, &who, "000000x").await), Refusal::CodeInvalid);
    let verified = by_code(&app, &who, &mail.code()).await.expect("the code is right");
    assert!(verified.email_verified);
    assert_eq!(refusal(by_link(&app, &mail.link_token()).await), Refusal::LinkInvalid, "spent");
    assert!(!is_dead(&app.services, &who).await, "nobody is signed out by it");
    let claimant = Claimant::Own { user: ann.id, session: who_session(&app, &who).await };
    let again = send_verification(&app.services, &app.stranger(), &claimant, EMAIL).await;
    assert_eq!(refusal(again), Refusal::NothingToVerify);

    registered(&app.services, "bob").await;
    let link = mail_to(&app, "bob@example.org", "Confirm").await.link_token();
    assert!(by_link(&app, &link).await.expect("the link is right").email_verified);
    let events = events_of(&app, app.account("bob").await.id).await;
    assert_eq!(events.last().map(String::as_str), Some("user.email_verified"));
}

async fn who_session(app: &App, who: &SignedIn) -> domain::SessionId {
    acting(&app.services, who).await.1
}

async fn a_new_address_is_verified_by_whoever_cannot_sign_in_yet(app: App) {
    registered(&app.services, "ann").await;
    let (services, stranger) = (&app.services, app.stranger());
    let named = |name: &str| Claimant::Named(Identifier::recognise(name));
    let mut answers = Vec::new();
    app.advance(2 * MINUTE);
    for name in ["ann@example.org", "nobody@example.org"] {
        send_verification(services, &stranger_now(&app), &named(name), EMAIL).await.expect("202");
        let again = send_verification(services, &stranger_now(&app), &named(name), EMAIL).await;
        answers.push(refusal(again));
        let wrong = verify_by_code(services, &stranger, &named(name), EMAIL, "12345").await;
        assert_eq!(refusal(wrong), Refusal::CodeInvalid, "{name}");
    }
    assert_eq!(answers[0], answers[1]);
    let code = mail_to(&app, "ann@example.org", "Confirm").await.code();
    let other = verify_by_code(services, &stranger, &named("bob@example.org"), EMAIL, &code).await;
    assert_eq!(refusal(other), Refusal::CodeInvalid);
    let ann = named("ann@example.org");
    let verified = verify_by_code(services, &stranger_now(&app), &ann, EMAIL, &code).await;
    assert!(verified.expect("the code is right").email_verified);
}

fn stranger_now(app: &App) -> operations::Context {
    app.services.native(Client::default(), None)
}

async fn an_address_that_waits_takes_the_place_of_the_old_one(app: App) {
    registered(&app.services, "ann").await;
    let (who, other) =
        (signed_in(&app.services, "ann").await, signed_in(&app.services, "ann").await);
    change(&app, &who, Surface::Native, "new@example.org").await.expect("it waits");
    mail_to(&app, "ann@example.org", "new address").await;
    let code = mail_to(&app, "new@example.org", "Confirm").await.code();
    let user = by_code(&app, &who, &code).await.expect("the code is right");
    assert_eq!((user.email.as_deref(), user.email_verified), (Some("new@example.org"), true));
    assert_eq!(user.pending_email, None);
    assert!(is_dead(&app.services, &other).await, "all others, by the policy of the surface");
    assert!(!is_dead(&app.services, &who).await);
    mail_to(&app, "ann@example.org", "replaced").await;
}

async fn reg_16_what_was_sent_to_the_old_address_is_worth_nothing(app: App) {
    registered(&app.services, "ann").await;
    let who = signed_in(&app.services, "ann").await;
    let recovery = recover(&app, "ann").await;
    change(&app, &who, Surface::Native, "new@example.org").await.expect("it waits");
    let code = mail_to(&app, "new@example.org", "Confirm").await.code();
    by_code(&app, &who, &code).await.expect("the code is right");
    assert_eq!(refusal(try_link(&app, &recovery.link_token()).await), Refusal::LinkInvalid);
    let outcome = crate::support::try_code(&app, "ann", &recovery.code()).await;
    assert_eq!(refusal(outcome), Refusal::CodeInvalid);
}

async fn reg_17_a_code_verifies_no_other_address_than_its_own(app: App) {
    registered(&app.services, "mallory").await;
    for round in 0..8 {
        let who = signed_in(&app.services, "mallory").await;
        let (own, victim) =
            (format!("own{round}@example.org"), format!("victim{round}@example.org"));
        change(&app, &who, Surface::Native, &own).await.expect("it waits");
        let mail = mail_to(&app, &own, "Confirm").await;
        let (link, code) = (mail.link_token(), mail.code());
        let (changed, linked, coded) = tokio::join!(
            change(&app, &who, Surface::Native, &victim),
            by_link(&app, &link),
            by_code(&app, &who, &code),
        );
        drop((changed, linked, coded));
        let user = app.account("mallory").await;
        assert_ne!(user.email.as_deref(), Some(victim.as_str()), "round {round}");
        let stale = by_link(&app, &link).await;
        assert!(stale.is_err(), "used or bound to another address: round {round}");
        app.advance(2 * MINUTE);
    }
}

async fn reg_14_an_address_goes_to_whoever_shows_that_it_is_his(app: App) {
    registered(&app.services, "owner").await;
    let owner = signed_in(&app.services, "owner").await;
    let address = "squatter@example.org";
    let waits = change(&app, &owner, Surface::Native, address).await.expect("it is free");
    assert_eq!(waits.pending_email.as_deref(), Some(address));
    let code = mail_to(&app, address, "Confirm").await.code();
    registered(&app.services, "squatter").await;
    let user = by_code(&app, &owner, &code).await.expect("shown to be his");
    assert_eq!(user.email.as_deref(), Some(address));
    assert_eq!(app.account("squatter").await.email, None);

    registered(&app.services, "third").await;
    let third = signed_in(&app.services, "third").await;
    let taken = refusal(change(&app, &third, Surface::Native, address).await);
    assert_eq!(taken.code(), "email_taken", "one who has shown it keeps it");
}

/// The squatter keeps his other name; whoever reads the mail gets the address.
async fn reg_14_an_address_that_waits_is_not_barred_by_who_only_says_it_is_his(app: App) {
    let (services, address) = (&app.services, "target@example.org");
    let identifiers = NewIdentifiers {
        username: None,
        email: Some(address.to_owned()),
        phone: Some("+4915111111111".to_owned()),
    };
    let squatter = Register { identifiers, ..registration("squatter") };
    accounts::register(services, &app.stranger(), &squatter).await.expect("registered");
    app.run_jobs().await;
    let code = app.mailbox.newest_text_to("+4915111111111").code();
    let named = Claimant::Named(Identifier::recognise("+4915111111111"));
    let verified = verify_by_code(services, &app.stranger(), &named, Channel::Phone, &code).await;
    verified.expect("it has a verified phone");
    registered(services, "owner").await;
    app.advance(2 * MINUTE);
    let owner = signed_in(services, "owner").await;
    let waits = change(&app, &owner, Surface::Native, address).await.expect("the code decides");
    assert_eq!(waits.pending_email.as_deref(), Some(address));
    assert_eq!(app.account(address).await.phone.as_deref(), Some("+4915111111111"), "until then");
    let code = mail_to(&app, address, "Confirm").await.code();
    by_code(&app, &owner, &code).await.expect("shown to be his");
    assert_eq!(app.account(address).await.username.as_deref(), Some("owner"));
    assert_eq!(app.account("+4915111111111").await.email, None);

    let own =
        NewIdentifiers { email: Some("sole@example.org".to_owned()), ..NewIdentifiers::default() };
    let sole = Register { identifiers: own, ..registration("sole") };
    accounts::register(services, &app.stranger(), &sole).await.expect("registered");
    let taken = refusal(change(&app, &owner, Surface::Native, "sole@example.org").await);
    assert_eq!(taken.code(), "email_taken", "its address recovers it");
}

async fn reg_16_an_address_that_waits_is_called_off_by_the_present_one(app: App) {
    let ann = registered(&app.services, "ann").await;
    let who = signed_in(&app.services, "ann").await;
    change(&app, &who, Surface::Native, "evil@example.org").await.expect("it waits");
    let mail = mail_to(&app, "evil@example.org", "Confirm").await;
    let same = change(&app, &who, Surface::Native, "ann@example.org").await.expect("called off");
    assert_eq!((same.email.as_deref(), same.pending_email), (Some("ann@example.org"), None));
    assert_eq!(refusal(by_link(&app, &mail.link_token()).await), Refusal::LinkInvalid);
    assert_eq!(refusal(by_code(&app, &who, &mail.code()).await), Refusal::CodeInvalid);
    let events = events_of(&app, ann.id).await;
    assert_eq!(events.last().map(String::as_str), Some("user.profile_updated"));
    let version = app.account("ann").await.version;
    change(&app, &who, Surface::Native, "ann@example.org").await.expect("nothing waits");
    assert_eq!(app.account("ann").await.version, version, "nothing to do");
}

async fn reg_16_no_address_waits_beyond_a_new_password_or_a_restoration(app: App) {
    let services = &app.services;
    let ann = registered(services, "ann").await;
    for way in ["own", "operator", "restored"] {
        let who = signed_in(services, "ann").await;
        change(&app, &who, Surface::Native, "evil@example.org").await.expect("it waits");
        assert!(app.account("ann").await.pending_email.is_some());
        let (password, operator) = (domain::Password::new(PASSWORD), services.operator());
        match way {
            "own" => {
                let (user, session, ctx) = acting(services, &who).await;
                let current_password = Some(password.clone());
                let request = UpdateOwn {
                    change: AccountChange::default(),
                    password: Some(password),
                    current_password,
                };
                update_own(services, &ctx, &user, session, &request).await.expect("set");
            }
            "operator" => {
                let set =
                    operations::passwords::set_by_operator(services, &operator, ann.id, &password);
                set.await.expect("set");
            }
            _ => {
                accounts::delete(services, &operator, ann.id).await.expect("deleted");
                accounts::restore_by_operator(services, &operator, ann.id).await.expect("restored");
            }
        }
        assert_eq!(app.account("ann").await.pending_email, None, "{way}");
        app.advance(2 * MINUTE);
    }
}

async fn reg_16_an_address_asked_for_with_a_new_password_waits(app: App) {
    registered(&app.services, "ann").await;
    let who = signed_in(&app.services, "ann").await;
    let (user, session, ctx) = acting(&app.services, &who).await;
    let request = UpdateOwn {
        change: to_email("new@example.org"),
        password: Some(domain::Password::new("an entirely different staple")),
        current_password: Some(domain::Password::new(PASSWORD)),
    };
    let user = update_own(&app.services, &ctx, &user, session, &request).await.expect("both");
    assert_eq!(user.pending_email.as_deref(), Some("new@example.org"));
    let code = mail_to(&app, "new@example.org", "Confirm").await.code();
    let user = by_code(&app, &who, &code).await.expect("its code is good");
    assert_eq!(user.email.as_deref(), Some("new@example.org"));
}

async fn reg_16_an_address_that_was_replaced_at_once_is_taken_back(app: App) {
    registered(&app.services, "ann").await;
    let thief = signed_in(&app.services, "ann").await;
    change(&app, &thief, Surface::Djoser, "thief@example.org").await.expect("at once");
    let first = mail_to(&app, "ann@example.org", "replaced").await;
    let thief = signed_in(&app.services, "ann").await;
    change(&app, &thief, Surface::Djoser, "second@example.org").await.expect("at once");
    app.advance(Duration::from_hours(71));
    let token = SecretToken::new(first.link_token());
    let thief = signed_in(&app.services, "ann").await;
    let ticket = take_back(&app.services, &stranger_now(&app), &token).await.expect("71 h later");
    let user = app.account("ann").await;
    assert_eq!(user.email.as_deref(), Some("ann@example.org"));
    assert!(is_dead(&app.services, &thief).await);
    let again = take_back(&app.services, &stranger_now(&app), &token).await;
    assert_eq!(refusal(again), Refusal::LinkInvalid);
    set_password(&app, &ticket, "an entirely different staple").await.expect("the owner's own");
    assert!(try_sign_in(&app.services, "ann", PASSWORD).await.is_err());

    let who = try_sign_in(&app.services, "ann", "an entirely different staple").await;
    let (user, session, ctx) = acting(&app.services, &who.expect("signed in")).await;
    let policy = app.services.policy(Surface::Djoser).clone();
    let ctx = operations::Context { policy, ..ctx };
    let email = Change::Set("late@example.org".to_owned());
    let change = AccountChange { email, ..AccountChange::default() };
    let current_password = Some(domain::Password::new("an entirely different staple"));
    let request = UpdateOwn { change, password: None, current_password };
    update_own(&app.services, &ctx, &user, session, &request).await.expect("at once");
    let late = SecretToken::new(mail_to(&app, "ann@example.org", "replaced").await.link_token());
    app.advance(Duration::from_hours(72));
    let outcome = take_back(&app.services, &stranger_now(&app), &late).await;
    assert_eq!(refusal(outcome), Refusal::LinkInvalid, "72 hours are over");
}

async fn otp_07_a_code_is_good_for_nothing_else(app: App) {
    registered(&app.services, "ann").await;
    registered(&app.services, "bob").await;
    let verification = mail_to(&app, "ann@example.org", "Confirm").await;
    let recovery = recover(&app, "ann").await;
    let who = signed_in(&app.services, "ann").await;
    let bob = signed_in(&app.services, "bob").await;
    assert!(by_code(&app, &who, &recovery.code()).await.is_err());
    assert!(crate::support::try_code(&app, "ann", &verification.code()).await.is_err());
    assert!(by_link(&app, &recovery.link_token()).await.is_err());
    assert!(try_link(&app, &verification.link_token()).await.is_err());
    assert!(by_code(&app, &bob, &verification.code()).await.is_err());
    let ticket = SecretToken::new(verification.link_token());
    assert!(set_password(&app, &ticket, "an entirely different staple").await.is_err());
    by_code(&app, &who, &verification.code()).await.expect("for what it was sent");
}

async fn lgn_15_an_unverified_account_gets_no_token(app: App) {
    registered(&app.services, "ann").await;
    let outcome = try_sign_in(&app.services, "ann", PASSWORD).await;
    assert_eq!(refusal(outcome), Refusal::AccountUnverified);
    let outcome = try_sign_in(&app.services, "ann", "wrong").await;
    assert_eq!(refusal(outcome), Refusal::InvalidCredentials, "not for strangers");
    by_link(&app, &mail_to(&app, "ann@example.org", "Confirm").await.link_token())
        .await
        .expect("verified");
    let who = signed_in(&app.services, "ann").await;
    refresh(&app.services, &app.stranger(), &refresh_of(&who)).await.expect("refreshed");
}
