//! Who wins an account back from somebody who had its password, and keeps it (REG-14, REG-16).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Refusal, RoleName, Status, Surface, User};
use operations::Result;
use operations::accounts::{self, NewIdentifiers, Register, Restore, take_back};
use operations::verification::{Channel, Claimant, send_verification, verify_by_code};
use testkit::{App, PASSWORD};

use crate::support::{
    change_on, delete, events_of, is_dead, mail_to, recover, refusal, registered, registration,
    set_password, signed_in, to_email, to_phone, try_code, try_link, try_sign_in,
};

const NEW: &str = "an entirely different staple";
const ANN: &str = "ann@example.org";
const EVIL: &str = "evil@example.org";
const EVIL_PHONE: &str = "+4915111111111";
const PHONE: &str = "+4915122222222";
const DAY: Duration = Duration::from_hours(24);

testkit::on_every_backend!(App::on =>
    reg_16_the_undo_link_of_the_owner_ends_those_of_later_addresses,
    reg_16_the_undo_link_of_a_later_address_does_not_end_the_owners,
    reg_16_an_address_that_was_there_in_between_is_no_older,
    reg_16_a_recovery_ends_the_undo_links_of_later_addresses,
    reg_16_a_recovery_by_the_later_address_leaves_the_owners_undo_link,
    reg_16_a_block_or_a_deletion_that_is_undone_does_not_end_the_undo_link,
    reg_16_after_a_final_deletion_no_undo_link_is_good,
    reg_14_what_was_taken_back_has_no_password_and_no_foreign_phone,
    reg_14_a_phone_that_was_verified_long_before_stays,
    reg_16_a_squatter_does_not_keep_the_address_from_its_owner,
    reg_16_a_deleted_squatter_does_not_keep_the_address_from_its_owner,
    reg_16_an_account_with_a_role_is_not_deleted_for_an_address,
    reg_16_a_phone_is_taken_back_from_a_squatter,
    reg_16_the_undo_link_of_a_phone_is_good_while_the_mailbox_is_the_accounts,
);

/// Somebody who knows the password replaces the address at once; answers the link that tells of it.
async fn replaced(app: &App, old: &str, new: &str) -> SecretToken {
    let thief = signed_in(&app.services, "ann").await;
    change_on(app, &thief, Surface::Djoser, to_email(new)).await.expect("at once");
    link_to(app, old).await
}

async fn link_to(app: &App, address: &str) -> SecretToken {
    SecretToken::new(mail_to(app, address, "was replaced").await.link_token())
}

async fn taken_back(app: &App, link: &SecretToken) -> Result<SecretToken> {
    take_back(&app.services, &app.stranger(), link).await
}

fn verified_phone(app: &App, number: &str) -> impl Future<Output = ()> {
    let named = Claimant::Named(Identifier::of_kind(IdentifierKind::Phone, number));
    async move {
        let (services, ctx) = (&app.services, app.stranger());
        send_verification(services, &ctx, &named, Channel::Phone).await.expect("sent");
        app.run_jobs().await;
        let code = app.mailbox.newest_text_to(number).code();
        let verified = verify_by_code(services, &ctx, &named, Channel::Phone, &code).await;
        assert!(verified.expect("the code is right").phone_verified);
    }
}

/// An account known by nothing else.
async fn squatter(app: &App, kind: IdentifierKind, name: &str) -> User {
    let name = Some(name.to_owned());
    let identifiers = if kind == IdentifierKind::Phone {
        NewIdentifiers { phone: name, ..NewIdentifiers::default() }
    } else {
        NewIdentifiers { email: name, ..NewIdentifiers::default() }
    };
    let request = Register { identifiers, ..registration("squatter") };
    accounts::register(&app.services, &app.stranger(), &request).await.expect("a free name")
}

async fn reg_16_the_undo_link_of_the_owner_ends_those_of_later_addresses(app: App) {
    registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let thiefs = replaced(&app, EVIL, "evil2@example.org").await;
    let ticket = taken_back(&app, &owners).await.expect("the owner's");
    mail_to(&app, "evil2@example.org", "taken back").await;
    set_password(&app, &ticket, NEW).await.expect("the owner's own");
    assert_eq!(refusal(taken_back(&app, &thiefs).await), Refusal::LinkInvalid);
    assert_eq!(app.account("ann").await.email.as_deref(), Some(ANN));
    try_sign_in(&app.services, "ann", NEW).await.expect("it stays the owner's");
}

async fn reg_16_the_undo_link_of_a_later_address_does_not_end_the_owners(app: App) {
    registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let thiefs = replaced(&app, EVIL, "evil2@example.org").await;
    let ticket = taken_back(&app, &thiefs).await.expect("it came later");
    set_password(&app, &ticket, "what the thief thought of").await.expect("a good ticket");
    let ticket = taken_back(&app, &owners).await.expect("the owner's is older");
    mail_to(&app, EVIL, "taken back").await;
    set_password(&app, &ticket, NEW).await.expect("the owner's own");
    assert!(try_sign_in(&app.services, "ann", "what the thief thought of").await.is_err());
    assert_eq!(app.account("ann").await.email.as_deref(), Some(ANN));
}

/// The owner's address comes back and goes again: its newest link is no younger than its first.
async fn reg_16_an_address_that_was_there_in_between_is_no_older(app: App) {
    registered(&app.services, "ann").await;
    replaced(&app, ANN, EVIL).await;
    let thiefs = replaced(&app, EVIL, ANN).await;
    let owners = replaced(&app, ANN, "evil2@example.org").await;
    taken_back(&app, &owners).await.expect("the owner's");
    assert_eq!(refusal(taken_back(&app, &thiefs).await), Refusal::LinkInvalid);
}

async fn reg_16_a_recovery_ends_the_undo_links_of_later_addresses(app: App) {
    registered(&app.services, "ann").await;
    replaced(&app, ANN, EVIL).await;
    let thiefs = replaced(&app, EVIL, ANN).await;
    let ticket = try_link(&app, &recover(&app, "ann").await.link_token()).await.expect("a ticket");
    set_password(&app, &ticket, NEW).await.expect("the owner's own");
    assert_eq!(refusal(taken_back(&app, &thiefs).await), Refusal::LinkInvalid);
}

async fn reg_16_a_recovery_by_the_later_address_leaves_the_owners_undo_link(app: App) {
    registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let ticket = try_link(&app, &recover(&app, EVIL).await.link_token()).await.expect("a ticket");
    set_password(&app, &ticket, NEW).await.expect("set");
    taken_back(&app, &owners).await.expect("older than what the thief did");
}

async fn reg_16_a_block_or_a_deletion_that_is_undone_does_not_end_the_undo_link(app: App) {
    let ann = registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let operator = app.services.operator();
    accounts::block(&app.services, &operator, ann.id).await.expect("blocked");
    assert_eq!(refusal(taken_back(&app, &owners).await), Refusal::LinkInvalid, "while blocked");
    accounts::unblock(&app.services, &operator, ann.id).await.expect("unblocked");
    delete(&app.services, ann.id).await;
    assert_eq!(refusal(taken_back(&app, &owners).await), Refusal::LinkInvalid, "while deleted");
    let token = SecretToken::new(mail_to(&app, EVIL, "deleted").await.token());
    let identifier = Identifier::recognise("ann");
    let (stranger, request) = (app.stranger(), Restore { identifier, token });
    let restored = accounts::restore(&app.services, &stranger, &request);
    restored.await.expect("by whoever reads the thief's mailbox");
    taken_back(&app, &owners).await.expect("what the owner was told still holds");
    assert_eq!(app.account("ann").await.email.as_deref(), Some(ANN));
}

async fn reg_16_after_a_final_deletion_no_undo_link_is_good(app: App) {
    let ann = registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let operator = app.services.operator();
    accounts::delete_for_good(&app.services, &operator, ann.id).await.expect("deleted");
    registered(&app.services, "ann").await;
    assert_eq!(refusal(taken_back(&app, &owners).await), Refusal::LinkInvalid);
    app.run_jobs().await;
    assert_eq!(refusal(taken_back(&app, &owners).await), Refusal::LinkInvalid, "purged");
    assert_ne!(app.account("ann").await.id, ann.id);
}

async fn reg_14_what_was_taken_back_has_no_password_and_no_foreign_phone(app: App) {
    let ann = registered(&app.services, "ann").await;
    let thief = signed_in(&app.services, "ann").await;
    change_on(&app, &thief, Surface::Djoser, to_phone(EVIL_PHONE)).await.expect("at once");
    verified_phone(&app, EVIL_PHONE).await;
    let owners = replaced(&app, ANN, EVIL).await;
    let thief = signed_in(&app.services, "ann").await;
    let ticket = taken_back(&app, &owners).await.expect("the owner's");
    assert!(is_dead(&app.services, &thief).await);
    assert!(
        try_sign_in(&app.services, "ann", PASSWORD).await.is_err(),
        "who knew it knows nothing"
    );
    let account = app.account("ann").await;
    assert_eq!((account.phone, account.pending_email), (None, None), "no way back but the owner's");
    let events = events_of(&app, ann.id).await;
    let updates = events.iter().filter(|event| *event == "user.profile_updated").count();
    assert_eq!(updates, 2, "the number came and went: {events:?}");
    // Whoever let the ticket lapse asks again: the address is verified.
    app.advance(Duration::from_hours(1));
    assert_eq!(refusal(set_password(&app, &ticket, NEW).await), Refusal::LinkInvalid);
    let code = recover(&app, "ann").await.code();
    let ticket = try_code(&app, "ann", &code).await.expect("a ticket");
    set_password(&app, &ticket, NEW).await.expect("the owner's own");
}

async fn reg_14_a_phone_that_was_verified_long_before_stays(app: App) {
    registered(&app.services, "ann").await;
    let own = signed_in(&app.services, "ann").await;
    change_on(&app, &own, Surface::Djoser, to_phone(PHONE)).await.expect("at once");
    verified_phone(&app, PHONE).await;
    app.advance(3 * DAY);
    let owners = replaced(&app, ANN, EVIL).await;
    taken_back(&app, &owners).await.expect("the owner's");
    let account = app.account("ann").await;
    assert_eq!((account.phone.as_deref(), account.phone_verified), (Some(PHONE), true));
}

async fn reg_16_a_squatter_does_not_keep_the_address_from_its_owner(app: App) {
    registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let squatter = squatter(&app, IdentifierKind::Email, ANN).await;
    let session = signed_in(&app.services, ANN).await;
    taken_back(&app, &owners).await.expect("shown by whoever reads the mail");
    assert_eq!(app.account("ann").await.email.as_deref(), Some(ANN));
    assert!(is_dead(&app.services, &session).await);
    app.run_jobs().await;
    let left = accounts::find_by_id(&app.services, squatter.id).await.expect("a row");
    assert_eq!(left.status, Status::Purged, "an account without a name is of no use");
    let mails = app.mailbox.mails();
    assert!(mails.iter().all(|mail| !mail.subject.contains("erased")), "it was not the owner's");
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}

async fn reg_16_a_deleted_squatter_does_not_keep_the_address_from_its_owner(app: App) {
    registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let squatter = squatter(&app, IdentifierKind::Email, ANN).await;
    delete(&app.services, squatter.id).await;
    let token = SecretToken::new(mail_to(&app, ANN, "deleted").await.token());
    taken_back(&app, &owners).await.expect("shown by whoever reads the mail");
    assert_eq!(app.account("ann").await.email.as_deref(), Some(ANN));
    let identifier = Identifier::recognise(ANN);
    let (stranger, request) = (app.stranger(), Restore { identifier, token });
    let restored = accounts::restore(&app.services, &stranger, &request);
    refusal(restored.await);
    app.run_jobs().await;
    let left = accounts::find_by_id(&app.services, squatter.id).await.expect("a row");
    assert_eq!(left.status, Status::Purged);
}

async fn reg_16_an_account_with_a_role_is_not_deleted_for_an_address(app: App) {
    registered(&app.services, "ann").await;
    let owners = replaced(&app, ANN, EVIL).await;
    let identifiers = NewIdentifiers { email: Some(ANN.to_owned()), ..NewIdentifiers::default() };
    let roles = vec![RoleName::new(RoleName::ADMIN)];
    let request = Register { identifiers, roles, ..registration("chief") };
    let chief = accounts::register(&app.services, &app.services.operator(), &request).await;
    let chief = chief.expect("an administrator");
    assert_eq!(refusal(taken_back(&app, &owners).await).code(), "email_taken");
    assert_eq!(app.account(ANN).await.id, chief.id);
}

async fn reg_16_a_phone_is_taken_back_from_a_squatter(app: App) {
    registered(&app.services, "ann").await;
    let ticket = try_link(&app, &recover(&app, "ann").await.link_token()).await.expect("a ticket");
    set_password(&app, &ticket, PASSWORD).await.expect("the address is verified by it");
    let own = signed_in(&app.services, "ann").await;
    change_on(&app, &own, Surface::Djoser, to_phone(PHONE)).await.expect("at once");
    verified_phone(&app, PHONE).await;
    change_on(&app, &own, Surface::Djoser, to_phone(EVIL_PHONE)).await.expect("at once");
    let link = link_to(&app, ANN).await;
    let squatter = squatter(&app, IdentifierKind::Phone, PHONE).await;
    let ticket = taken_back(&app, &link).await.expect("by the mailbox of the account");
    set_password(&app, &ticket, NEW).await.expect("a good ticket");
    let account = app.account("ann").await;
    assert_eq!((account.phone.as_deref(), account.email.as_deref()), (Some(PHONE), Some(ANN)));
    assert!(account.phone_verified, "as it was");
    app.run_jobs().await;
    let left = accounts::find_by_id(&app.services, squatter.id).await.expect("a row");
    assert_eq!(left.status, Status::Purged);
}

async fn reg_16_the_undo_link_of_a_phone_is_good_while_the_mailbox_is_the_accounts(app: App) {
    registered(&app.services, "ann").await;
    let ticket = try_link(&app, &recover(&app, "ann").await.link_token()).await.expect("a ticket");
    set_password(&app, &ticket, PASSWORD).await.expect("the address is verified by it");
    let own = signed_in(&app.services, "ann").await;
    change_on(&app, &own, Surface::Djoser, to_phone(PHONE)).await.expect("at once");
    verified_phone(&app, PHONE).await;
    change_on(&app, &own, Surface::Djoser, to_phone(EVIL_PHONE)).await.expect("at once");
    let of_phone = link_to(&app, ANN).await;
    let of_email = replaced(&app, ANN, EVIL).await;
    assert_ne!(of_phone.reveal(), of_email.reveal());
    assert_eq!(refusal(taken_back(&app, &of_phone).await), Refusal::LinkInvalid);
    taken_back(&app, &of_email).await.expect("first the mailbox");
    taken_back(&app, &of_phone).await.expect("then the number");
    assert_eq!(app.account("ann").await.phone.as_deref(), Some(PHONE));
}
