//! Who has an identifier when its account is deleted, restored or gone (LIF-04, REG-20).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, Refusal, Surface, User};
use operations::accounts::{self, NewIdentifiers, Register, Restore, take_back};
use operations::verification::{Channel, Claimant, send_verification, verify_by_link};
use operations::{Error, Result};
use testkit::{App, PASSWORD};

use crate::support::{
    change_on, delete, mail_to, recover, refusal, registered, registration, set_password,
    signed_in, to_email, try_link, try_sign_in,
};

const ROUNDS: usize = 20;

testkit::on_every_backend!(App::on =>
    lif_04_of_a_restoration_and_a_registration_the_restoration_has_the_address,
    lif_04_of_a_restoration_a_last_deletion_and_a_registration_one_owner_is_left,
    lif_04_nothing_old_comes_back_after_a_final_deletion,
);

/// The address of `name` for somebody who is called otherwise.
async fn register_anew(app: &App, name: &str, number: usize) -> Result<User> {
    let identifiers = NewIdentifiers {
        username: Some(format!("other{number}")),
        email: Some(format!("{name}@example.org")),
        phone: None,
    };
    let request = Register { identifiers, ..registration("other") };
    accounts::register(&app.services, &app.stranger(), &request).await
}

async fn restore(app: &App, name: &str, token: &SecretToken) -> Result<User> {
    let (identifier, token) = (Identifier::recognise(name), token.clone());
    accounts::restore(&app.services, &app.stranger(), &Restore { identifier, token }).await
}

async fn deleted(app: &App, name: &str) -> (User, SecretToken) {
    let user = registered(&app.services, name).await;
    delete(&app.services, user.id).await;
    let mail = mail_to(app, &format!("{name}@example.org"), "deleted").await;
    (user, SecretToken::new(mail.token()))
}

async fn fsck_is_clean(app: &App) {
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}

async fn lif_04_of_a_restoration_and_a_registration_the_restoration_has_the_address(app: App) {
    let beside = app.beside().await;
    for round in 0..ROUNDS {
        let name = format!("user{round}");
        let (user, token) = deleted(&app, &name).await;
        let (restored, anew) =
            tokio::join!(restore(&app, &name, &token), register_anew(&beside, &name, round));
        assert_eq!(restored.expect("it was held for it").id, user.id, "round {round}");
        assert_eq!(refusal(anew).code(), "email_taken", "round {round}");
        assert_eq!(app.account(&format!("{name}@example.org")).await.id, user.id);
    }
    fsck_is_clean(&app).await;
}

async fn lif_04_of_a_restoration_a_last_deletion_and_a_registration_one_owner_is_left(app: App) {
    let (two, three) = (app.beside().await, app.beside().await);
    for round in 0..ROUNDS {
        let name = format!("user{round}");
        let (user, token) = deleted(&app, &name).await;
        let operator = two.services.operator();
        let (restored, gone, anew) = tokio::join!(
            restore(&app, &name, &token),
            accounts::delete_for_good(&two.services, &operator, user.id),
            register_anew(&three, &name, round),
        );
        gone.expect("whatever state it was in");
        assert!(!matches!(restored, Err(Error::Fault(_))), "round {round}: {restored:?}");
        let held = Identifier::recognise(&format!("{name}@example.org"));
        let holder = accounts::find(&app.services, &held).await;
        match anew {
            Ok(anew) => assert_eq!(holder.expect("the newcomer").id, anew.id, "round {round}"),
            Err(refused) => {
                assert_eq!(refusal::<()>(Err(refused)).code(), "email_taken", "round {round}");
                assert_eq!(refusal(holder), Refusal::UserNotFound, "round {round}");
                register_anew(&three, &name, round).await.expect("free by now");
            }
        }
        app.run_jobs().await;
        refusal(restore(&app, &name, &token).await);
        let left = accounts::find_by_id(&app.services, user.id).await.expect("a row");
        assert_eq!((left.status, left.email), (domain::Status::Purged, None), "round {round}");
    }
    fsck_is_clean(&app).await;
}

/// That each of these is good while the account is there, `pathways.rs` of the surfaces shows.
async fn lif_04_nothing_old_comes_back_after_a_final_deletion(app: App) {
    let services = &app.services;
    let old = registered(services, "ann").await;
    let who = signed_in(services, "ann").await;
    change_on(&app, &who, Surface::Djoser, to_email("later@example.org")).await.expect("at once");
    let undo = mail_to(&app, "ann@example.org", "was replaced").await.link_token();
    let later = Claimant::Named(Identifier::recognise("later@example.org"));
    let sent = send_verification(services, &app.stranger(), &later, Channel::Email).await;
    sent.expect("not sent too often");
    let verification = mail_to(&app, "later@example.org", "Confirm").await.link_token();
    let recovery = recover(&app, "later@example.org").await.link_token();
    let ticket = try_link(&app, &recovery).await.expect("a ticket");
    app.advance(Duration::from_mins(1));
    let recovery = recover(&app, "later@example.org").await.link_token();
    delete(services, old.id).await;
    let restoration = mail_to(&app, "later@example.org", "deleted").await.token();
    let operator = services.operator();
    accounts::delete_for_good(services, &operator, old.id).await.expect("deleted");

    let identifiers = NewIdentifiers {
        username: Some("ann".to_owned()),
        email: Some("later@example.org".to_owned()),
        phone: None,
    };
    let request = Register { identifiers, ..registration("ann") };
    let anew = accounts::register(services, &app.stranger(), &request).await.expect("free");
    register_anew(&app, "ann", 0).await.expect("free");
    for is_purged in [false, true] {
        let secret = |text: &str| SecretToken::new(text);
        let (undo, verification) = (secret(&undo), secret(&verification));
        let outcome = take_back(services, &app.stranger(), &undo).await;
        assert_eq!(refusal(outcome), Refusal::LinkInvalid, "purged: {is_purged}");
        let outcome =
            verify_by_link(services, &app.stranger(), Channel::Email, &verification).await;
        assert_eq!(refusal(outcome), Refusal::LinkInvalid, "purged: {is_purged}");
        let outcome = try_link(&app, &recovery).await;
        assert_eq!(refusal(outcome), Refusal::LinkInvalid, "purged: {is_purged}");
        let outcome = set_password(&app, &ticket, "an entirely different staple").await;
        assert_eq!(refusal(outcome), Refusal::LinkInvalid, "purged: {is_purged}");
        for name in ["ann", "later@example.org"] {
            refusal(restore(&app, name, &secret(&restoration)).await);
        }
        app.run_jobs().await;
    }
    let account = app.account("later@example.org").await;
    assert_eq!((account.id, account.email_verified), (anew.id, false));
    assert_ne!(account.id, old.id);
    try_sign_in(services, "ann", PASSWORD).await.expect("the newcomer's own");
}
