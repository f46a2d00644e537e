//! Links that come back with the number of their account: activation, and resets of password and
//! username (OTP-07, RCV-03, RCV-05).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use domain::token::SecretToken;
use domain::{Identifier, Password, Refusal, Surface, User};
use operations::accounts::{
    NewIdentifiers, Register, block, register, request_username_reset, reset_username,
};
use operations::recovery::{recover_by_link, request_recovery_silently, reset_by_link};
use operations::verification::{Channel, activate, send_activation, verify_by_link};
use operations::{Context, NumberedLink, Result};
use testkit::{App, Backend, Mail, PASSWORD};

use crate::support::{
    change_on, delete, events_of, is_dead, mail_to, refusal, registration, signed_in, to_email,
    to_phone, try_sign_in,
};

testkit::on_every_backend!(activating =>
    otp_07_a_link_is_good_for_what_it_was_sent_for_and_for_its_own_number,
    rcv_03_of_twenty_who_use_one_link_one_succeeds,
    rcv_03_a_link_is_good_for_fifteen_minutes,
    rcv_05_a_password_by_a_link_ends_every_session_and_all_that_was_sent,
    rcv_07_a_deleted_or_blocked_account_has_no_good_link,
    reg_16_links_die_with_the_address_that_they_were_sent_to,
    a_password_or_a_name_that_breaks_a_rule_spends_no_link,
    an_account_is_activated_once_and_who_comes_again_hears_it,
    a_number_alone_is_activated_by_text_message,
    a_username_is_reset_by_nothing_but_the_verified_mailbox,
    a_new_username_is_told_where_that_is_configured,
    otp_12_too_often_is_silent_and_leaves_the_link_good,
    pwd_07_hardened_a_link_sets_a_username_and_nothing_else,
);

const NEW: &str = "an entirely different staple";
const MINUTE: Duration = Duration::from_mins(1);
const ACTIVATES: (&str, &str) = ("VESTIBULE_DIALECTS__DJOSER__SEND_ACTIVATION_EMAIL", "true");
const TELLS: (&str, &str) =
    ("VESTIBULE_DIALECTS__DJOSER__USERNAME_CHANGED_EMAIL_CONFIRMATION", "true");

async fn activating(backend: Backend) -> App {
    App::with(&[ACTIVATES, TELLS]).start(backend).await
}

fn stranger(app: &App) -> Context {
    let policy = Arc::clone(app.services.policy(Surface::Djoser));
    Context { policy, ..app.stranger() }
}

async fn joined(app: &App, name: &str) -> User {
    let ctx = stranger(app);
    register(&app.services, &ctx, &registration(name)).await.expect("a new account")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Activation,
    Password,
    Username,
}

const FLOWS: [Flow; 3] = [Flow::Activation, Flow::Password, Flow::Username];

impl Flow {
    async fn ask(self, app: &App, address: &str) {
        let (services, ctx, named) = (&app.services, stranger(app), Identifier::recognise(address));
        let asked = match self {
            Self::Activation => send_activation(services, &ctx, &named).await,
            Self::Password => request_recovery_silently(services, &ctx, &named).await,
            Self::Username => request_username_reset(services, &ctx, &named).await,
        };
        asked.expect("one answer");
    }

    async fn bring(self, app: &App, link: &NumberedLink) -> Result<User> {
        let (services, ctx) = (&app.services, stranger(app));
        match self {
            Self::Activation => activate(services, &ctx, link).await,
            Self::Password => reset_by_link(services, &ctx, link, &Password::new(NEW)).await,
            Self::Username => reset_username(services, &ctx, link, "somebody").await,
        }
    }

    const fn page(self) -> &'static str {
        match self {
            Self::Activation => "/#/activate/",
            Self::Password => "/#/password/reset/confirm/",
            Self::Username => "/#/username/reset/confirm/",
        }
    }
}

/// The newest link of this kind that was mailed to the address: number and token.
async fn parts(app: &App, flow: Flow, address: &str) -> (String, String) {
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let newest: Option<&Mail> =
        mails.iter().rev().find(|mail| mail.to == address && mail.text.contains(flow.page()));
    let text = &newest.expect("a mail with such a link").text;
    let link = text.lines().find_map(|line| line.trim().split_once(flow.page()));
    let (site, end) = link.expect("a link alone on its line");
    assert_eq!(site, "http://127.0.0.1:8000", "RCV-02");
    let (uid, token) = end.split_once('/').expect("both");
    (uid.to_owned(), token.to_owned())
}

async fn asked(app: &App, flow: Flow, address: &str) -> NumberedLink {
    flow.ask(app, address).await;
    let (uid, token) = parts(app, flow, address).await;
    NumberedLink::new(&uid, &token)
}

fn uid(number: i64) -> String {
    BASE64URL_NOPAD.encode(number.to_string().as_bytes())
}

async fn otp_07_a_link_is_good_for_what_it_was_sent_for_and_for_its_own_number(app: App) {
    let (ann, bob) = (joined(&app, "ann").await, joined(&app, "bob").await);
    app.advance(2 * MINUTE);
    // Activation first: a new password ends the other links, as it shows the address, too.
    for sent_for in [Flow::Activation, Flow::Username, Flow::Password] {
        sent_for.ask(&app, "ann@example.org").await;
        let (own, token) = parts(&app, sent_for, "ann@example.org").await;
        assert_eq!(own, uid(ann.number));
        for brought_to in FLOWS {
            let strange = NumberedLink::new(&uid(bob.number), &token);
            assert_eq!(refusal(brought_to.bring(&app, &strange).await), Refusal::LinkInvalid);
            let nobodys = NumberedLink::new(&uid(99), &token);
            assert_eq!(refusal(brought_to.bring(&app, &nobodys).await), Refusal::UserNotFound);
            let numberless = NumberedLink::new("ann", &token);
            assert_eq!(refusal(brought_to.bring(&app, &numberless).await), Refusal::UserNotFound);
            if brought_to != sent_for {
                let own = NumberedLink::new(&own, &token);
                let refused = refusal(brought_to.bring(&app, &own).await);
                assert_eq!(refused, Refusal::LinkInvalid, "{sent_for:?} to {brought_to:?}");
            }
        }
        let good = sent_for.bring(&app, &NumberedLink::new(&own, &token)).await;
        assert_eq!(good.expect("all that was tried spent nothing").id, ann.id, "{sent_for:?}");
    }
}

async fn rcv_03_of_twenty_who_use_one_link_one_succeeds(app: App) {
    joined(&app, "ann").await;
    app.advance(2 * MINUTE);
    let beside = app.beside().await;
    for flow in [Flow::Username, Flow::Activation, Flow::Password] {
        let link = asked(&app, flow, "ann@example.org").await;
        let apps = [&app, &beside];
        let uses = (0..20).map(|nth| flow.bring(apps[nth % 2], &link));
        let outcomes = futures_util::future::join_all(uses).await;
        assert_eq!(outcomes.into_iter().flatten().count(), 1, "{flow:?}");
    }
}

async fn rcv_03_a_link_is_good_for_fifteen_minutes(app: App) {
    joined(&app, "ann").await;
    app.advance(2 * MINUTE);
    let mut late = Vec::new();
    for flow in FLOWS {
        late.push((flow, asked(&app, flow, "ann@example.org").await));
    }
    app.advance(15 * MINUTE);
    for (flow, link) in &late {
        assert_eq!(refusal(flow.bring(&app, link).await), Refusal::LinkInvalid, "{flow:?}");
    }
    let link = asked(&app, Flow::Password, "ann@example.org").await;
    app.advance(Duration::from_secs(899));
    Flow::Password.bring(&app, &link).await.expect("in time");
}

async fn rcv_05_a_password_by_a_link_ends_every_session_and_all_that_was_sent(app: App) {
    joined(&app, "ann").await;
    app.advance(2 * MINUTE);
    let sessions = [signed_in(&app.services, "ann").await, signed_in(&app.services, "ann").await];
    let activation = asked(&app, Flow::Activation, "ann@example.org").await;
    let username = asked(&app, Flow::Username, "ann@example.org").await;
    let link = asked(&app, Flow::Password, "ann@example.org").await;
    let ann = Flow::Password.bring(&app, &link).await.expect("set");
    for session in &sessions {
        assert!(is_dead(&app.services, session).await);
    }
    assert_eq!(refusal(Flow::Password.bring(&app, &link).await), Refusal::LinkInvalid, "once");
    for (flow, link) in [(Flow::Activation, activation), (Flow::Username, username)] {
        assert_eq!(refusal(flow.bring(&app, &link).await), Refusal::LinkInvalid, "{flow:?}");
    }
    assert!(try_sign_in(&app.services, "ann", PASSWORD).await.is_err());
    try_sign_in(&app.services, "ann", NEW).await.expect("the new one");
    mail_to(&app, "ann@example.org", "password was changed").await;
    assert!(ann.email_verified, "whoever reads the mail owns the address, and so is active");
    let events = events_of(&app, ann.id).await;
    assert!(events.contains(&"user.password_changed".to_owned()), "{events:?}");
}

async fn rcv_07_a_deleted_or_blocked_account_has_no_good_link(app: App) {
    for (name, flow) in ["a", "b", "c"].into_iter().zip(FLOWS) {
        for ending in ["blocked", "deleted"] {
            let name = format!("{ending}_{name}");
            let address = format!("{name}@example.org");
            let user = joined(&app, &name).await;
            app.advance(2 * MINUTE);
            let link = asked(&app, flow, &address).await;
            if ending == "blocked" {
                let operator = app.services.operator();
                block(&app.services, &operator, user.id).await.expect("blocked");
            } else {
                delete(&app.services, user.id).await;
            }
            app.run_jobs().await;
            let refused = refusal(flow.bring(&app, &link).await);
            let gone = [Refusal::LinkInvalid, Refusal::UserNotFound];
            assert_eq!(refused, gone[usize::from(ending == "deleted")], "{ending} {flow:?}");
            let before = app.mailbox.mails().len();
            app.advance(2 * MINUTE);
            flow.ask(&app, &address).await;
            app.run_jobs().await;
            assert_eq!(app.mailbox.mails().len(), before, "{ending} {flow:?}: nothing is sent");
        }
    }
}

async fn reg_16_links_die_with_the_address_that_they_were_sent_to(app: App) {
    joined(&app, "ann").await;
    app.advance(2 * MINUTE);
    let ann = signed_in(&app.services, "ann").await;
    let mut links = Vec::new();
    for flow in FLOWS {
        links.push((flow, asked(&app, flow, "ann@example.org").await));
    }
    let changed = change_on(&app, &ann, Surface::Djoser, to_email("new@example.org")).await;
    assert!(!changed.expect("changed at once").email_verified);
    for (flow, link) in &links {
        assert_eq!(refusal(flow.bring(&app, link).await), Refusal::LinkInvalid, "{flow:?}");
    }
    let link = parts(&app, Flow::Activation, "new@example.org").await;
    let link = NumberedLink::new(&link.0, &link.1);
    let user = Flow::Activation.bring(&app, &link).await.expect("the new one was asked");
    assert!(user.email_verified);
}

async fn a_password_or_a_name_that_breaks_a_rule_spends_no_link(app: App) {
    joined(&app, "wanderer").await;
    joined(&app, "somebody").await;
    app.advance(2 * MINUTE);
    let address = "wanderer@example.org";
    let username = asked(&app, Flow::Username, address).await;
    let (services, ctx) = (&app.services, stranger(&app));
    for name in ["two  blanks", "somebody", "SOMEBODY@example.org", "somebody@example.org"] {
        let refused = refusal(reset_username(services, &ctx, &username, name).await);
        let is_about_the_name =
            matches!(refused, Refusal::Invalid(_) | Refusal::IdentifierTaken(_));
        assert!(is_about_the_name, "{name}: {refused:?}");
    }
    reset_username(services, &ctx, &username, "Wanda").await.expect("the link is as good as ever");
    let link = asked(&app, Flow::Password, address).await;
    for weak in ["short", "password123", "12345678901", "wanderer1"] {
        let refused = refusal(reset_by_link(services, &ctx, &link, &Password::new(weak)).await);
        assert!(matches!(refused, Refusal::Invalid(_)), "{weak}: {refused:?}");
    }
    Flow::Password.bring(&app, &link).await.expect("the link is as good as ever");
}

async fn an_account_is_activated_once_and_who_comes_again_hears_it(app: App) {
    let ann = joined(&app, "ann").await;
    let (own, token) = parts(&app, Flow::Activation, "ann@example.org").await;
    let link = NumberedLink::new(&own, &token);
    let ctx = stranger(&app);
    let refused = sign_in_here(&app, PASSWORD).await;
    assert_eq!(refusal(refused), Refusal::AccountUnverified);
    assert!(ann.ensure_verified(&ctx.policy).is_err());
    let active = Flow::Activation.bring(&app, &link).await.expect("activated");
    active.ensure_verified(&ctx.policy).expect("active");
    sign_in_here(&app, PASSWORD).await.expect("an active account");
    let before = events_of(&app, ann.id).await;
    assert_eq!(refusal(Flow::Activation.bring(&app, &link).await), Refusal::NothingToVerify);
    // What stayed of the link does nothing anywhere else.
    let secret = SecretToken::new(token);
    let verified = verify_by_link(&app.services, &app.stranger(), Channel::Email, &secret).await;
    assert_eq!(refusal(verified), Refusal::LinkInvalid);
    let ticket = recover_by_link(&app.services, &app.stranger(), &secret).await;
    assert_eq!(refusal(ticket.map(|_| ())), Refusal::LinkInvalid);
    assert_eq!(events_of(&app, ann.id).await, before, "and nothing is written");
    app.advance(15 * MINUTE);
    assert_eq!(refusal(Flow::Activation.bring(&app, &link).await), Refusal::LinkInvalid);
}

async fn sign_in_here(app: &App, password: &str) -> Result<operations::sessions::SignedIn> {
    let request = operations::sessions::SignIn {
        identifier: Identifier::recognise("ann"),
        password: Password::new(password),
    };
    operations::sessions::sign_in(&app.services, &stranger(app), &request).await
}

async fn a_number_alone_is_activated_by_text_message(app: App) {
    let phone = Some("+15550100001".to_owned());
    let identifiers = NewIdentifiers { phone, ..NewIdentifiers::default() };
    let request = Register { identifiers, ..registration("ann") };
    let ctx = stranger(&app);
    let ann = register(&app.services, &ctx, &request).await.expect("a new account");
    assert!(ann.ensure_verified(&ctx.policy).is_err());
    app.run_jobs().await;
    let link = SecretToken::new(app.mailbox.newest_text_to("+15550100001").link_token());
    let active = verify_by_link(&app.services, &app.stranger(), Channel::Phone, &link).await;
    active.expect("the page of ours").ensure_verified(&ctx.policy).expect("active");
}

async fn a_username_is_reset_by_nothing_but_the_verified_mailbox(app: App) {
    let phone = Some("+15550100001".to_owned());
    let identifiers = NewIdentifiers { phone, ..registration("ann").identifiers };
    let request = Register { identifiers, ..registration("ann") };
    let ann = register(&app.services, &stranger(&app), &request).await.expect("a new account");
    app.advance(2 * MINUTE);
    let link = asked(&app, Flow::Username, "ann@example.org").await;
    let verified: storage::Result<()> = storage::transact!(app.database.store, |tx| {
        storage::users::verify_phone(tx, ann.id, app.now()).await?;
    });
    verified.expect("the number is hers");
    // Whoever only says that the mailbox is his does not decide any more.
    assert_eq!(refusal(Flow::Username.bring(&app, &link).await), Refusal::LinkInvalid);
    app.run_jobs().await;
    let before = app.mailbox.mails().len();
    app.advance(2 * MINUTE);
    Flow::Username.ask(&app, "ann@example.org").await;
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), before);
}

async fn a_new_username_is_told_where_that_is_configured(app: App) {
    let ann = joined(&app, "ann").await;
    app.advance(2 * MINUTE);
    let link = asked(&app, Flow::Username, "ann@example.org").await;
    let mail = mail_to(&app, "ann@example.org", "new username").await;
    assert!(mail.text.contains("You sign in as ann now."), "{}", mail.text);
    assert!(mail.find_code().is_none(), "{}", mail.text);
    Flow::Username.bring(&app, &link).await.expect("set");
    let mail = mail_to(&app, "ann@example.org", "username of your").await;
    assert!(mail.text.contains("set, replaced or removed"), "{}", mail.text);
    assert_eq!(app.account("somebody").await.id, ann.id);
    let before = app.mailbox.mails().len();
    let change = to_phone("+15550100001");
    let ann = signed_in(&app.services, "somebody").await;
    change_on(&app, &ann, Surface::Native, change).await.expect("another field");
    app.run_jobs().await;
    let news = &app.mailbox.mails()[before..];
    assert!(!news.iter().any(|mail| mail.subject.contains("username")), "{news:#?}");
}

async fn otp_12_too_often_is_silent_and_leaves_the_link_good(app: App) {
    joined(&app, "ann").await;
    app.advance(2 * MINUTE);
    for flow in [Flow::Activation, Flow::Username, Flow::Password] {
        let link = asked(&app, flow, "ann@example.org").await;
        let before = app.mailbox.mails().len();
        for _ in 0..20 {
            flow.ask(&app, "ann@example.org").await;
        }
        app.run_jobs().await;
        assert_eq!(app.mailbox.mails().len(), before, "{flow:?}");
        flow.bring(&app, &link).await.expect("the one that was sent");
    }
}

async fn pwd_07_hardened_a_link_sets_a_username_and_nothing_else(app: App) {
    let hardened = [("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened")];
    let app = App::with(&hardened).beside(&app).await;
    let ann = crate::support::registered(&app.services, "ann").await;
    let link = asked(&app, Flow::Username, "ann@example.org").await;
    let (services, ctx) = (&app.services, stranger(&app));
    for name in ["new@example.org", "+15550100001"] {
        let refused = refusal(reset_username(services, &ctx, &link, name).await);
        assert!(matches!(refused, Refusal::Invalid(_)), "{name}: {refused:?}");
    }
    let nobodys = NumberedLink::new(&uid(99), "x");
    let refused = refusal(reset_username(services, &ctx, &nobodys, "somebody").await);
    assert_eq!(refused, Refusal::LinkInvalid, "numbers are not told");
    let renamed = Flow::Username.bring(&app, &link).await.expect("set");
    assert_eq!((renamed.email, renamed.phone), (ann.email, None));
}
