//! RCV-01, OTP-13, LIF-02: who asks for a name takes the same steps whether anybody has it, and
//! whatever state the account is in. Nothing waits to look slow; statements are counted.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{Identifier, User};
use operations::accounts::{block, register, request_username_reset};
use operations::recovery::{recover_by_code, request_recovery, request_recovery_silently};
use operations::verification::{
    Channel, Claimant, send_activation, send_verification, verify_by_code, verify_by_link,
};
use testkit::{App, Backend};

use crate::support::{delete, recover, registered, registration, set_password, try_link};

testkit::on_every_backend!(asking =>
    rcv_01_a_way_back_is_asked_for_by_the_same_steps_whoever_is_named,
    rcv_01_links_with_numbers_are_asked_for_by_the_same_steps_whoever_is_named,
    rcv_01_a_code_is_guessed_at_by_the_same_steps_whoever_is_named,
    otp_13_a_verification_is_asked_for_by_the_same_steps_whoever_is_named,
    otp_13_a_code_that_verifies_is_guessed_at_by_the_same_steps_whoever_is_named,
);

const MINUTE: Duration = Duration::from_mins(1);
const NUMBER: &str = "+15550100";

async fn asking(backend: Backend) -> App {
    let app = App::with(&[("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true")]);
    let app = app.start(backend).await;
    people(&app).await;
    app
}

/// New, verified, blocked, deleted, known by a phone alone, and sent enough for today.
async fn people(app: &App) {
    for name in ["new", "verified", "blocked", "deleted", "full"] {
        registered(&app.services, name).await;
    }
    let mut phone = registration("phone");
    (phone.identifiers.email, phone.identifiers.phone) = (None, Some(NUMBER.to_owned()));
    register(&app.services, &app.stranger(), &phone).await.expect("an account");
    let ticket = try_link(app, &recover(app, "verified").await.link_token()).await;
    let ticket = ticket.expect("a ticket");
    set_password(app, &ticket, "an entirely different staple").await.expect("set");
    let id = |user: User| user.id;
    let operator = app.services.operator();
    let blocked = id(app.account("blocked").await);
    block(&app.services, &operator, blocked).await.expect("blocked");
    delete(&app.services, id(app.account("deleted").await)).await;
    // Until a day's mails have gone there.
    let mut sent = usize::MAX;
    while sent != app.mailbox.mails().len() {
        sent = app.mailbox.mails().len();
        app.advance(20 * MINUTE);
        request(app, "full").await;
        app.run_jobs().await;
    }
    assert!(sent >= 10, "{sent}");
}

/// Each name that an account has or could have, and who that is.
const NAMES: [&str; 12] = [
    "nobody",
    "nobody@example.org",
    "new",
    "new@example.org",
    "verified",
    "verified@example.org",
    "blocked",
    "deleted@example.org",
    "full@example.org",
    "phone",
    NUMBER,
    "+15550199",
];

async fn steps<T>(work: impl Future<Output = T>) -> (T, u64) {
    let (done, steps) = storage::counted(Box::pin(work)).await;
    assert!(steps >= 4, "they are counted: {steps}");
    (done, steps)
}

async fn request(app: &App, name: &str) {
    let named = Identifier::recognise(name);
    let asked = request_recovery(&app.services, &app.stranger(), &named).await;
    asked.expect("one answer");
}

async fn rcv_01_a_way_back_is_asked_for_by_the_same_steps_whoever_is_named(app: App) {
    let ((), expected) = steps(request(&app, "somebody")).await;
    for round in 0..2 {
        for name in NAMES {
            let ((), taken) = steps(request(&app, name)).await;
            assert_eq!(taken, expected, "{name}, round {round}");
        }
        app.advance(2 * MINUTE);
    }
}

async fn rcv_01_links_with_numbers_are_asked_for_by_the_same_steps_whoever_is_named(app: App) {
    let policy = domain::AccountPolicy {
        verifies_new_addresses: true,
        ..domain::AccountPolicy::clone(app.services.policy(domain::Surface::Djoser))
    };
    let ctx = operations::Context { policy: policy.into(), ..app.stranger() };
    let mut expected = [None; 3];
    for round in 0..3 {
        for name in addresses().chain(["nobody.else@example.org"]) {
            let named = Identifier::recognise(name);
            let (sent, activation) = steps(send_activation(&app.services, &ctx, &named)).await;
            sent.expect("one answer");
            let (sent, password) =
                steps(request_recovery_silently(&app.services, &ctx, &named)).await;
            sent.expect("one answer");
            let (sent, username) = steps(request_username_reset(&app.services, &ctx, &named)).await;
            sent.expect("one answer");
            for (expected, taken) in expected.iter_mut().zip([activation, password, username]) {
                assert_eq!(*expected.get_or_insert(taken), taken, "{name}, round {round}");
            }
        }
        // The second round comes too soon.
        app.advance(if round == 0 { Duration::ZERO } else { 2 * MINUTE });
    }
}

async fn rcv_01_a_code_is_guessed_at_by_the_same_steps_whoever_is_named(app: App) {
    for name in ["nobody", "new", "verified", "blocked", "full@example.org", "phone"] {
        request(&app, name).await;
    }
    let ctx = app.stranger();
    // A code endures five wrong ones; then it is dead, and so it is for all.
    for nth in 0..7 {
        let mut expected = None;
        for name in NAMES {
            let named = Identifier::recognise(name);
            let guess = recover_by_code(&app.services, &ctx, &named, "0000000000");
            let (outcome, taken) = steps(guess).await;
            assert!(outcome.is_err());
            assert_eq!(*expected.get_or_insert(taken), taken, "{name}, guess {nth}");
        }
    }
}

fn addresses() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().filter(|name| name.contains('@'))
}

async fn otp_13_a_verification_is_asked_for_by_the_same_steps_whoever_is_named(app: App) {
    for round in 0..2 {
        let (ctx, mut expected) = (app.stranger(), None);
        for name in addresses().chain(["blocked@example.org", "ANN@example.org"]) {
            let claimant = Claimant::Named(Identifier::recognise(name));
            let asked = send_verification(&app.services, &ctx, &claimant, Channel::Email);
            let (asked, taken) = steps(asked).await;
            asked.expect("one answer");
            assert_eq!(*expected.get_or_insert(taken), taken, "{name}, round {round}");
        }
        app.advance(2 * MINUTE);
    }
    let (ctx, mut expected) = (app.stranger(), None);
    for number in [NUMBER, "+15550199"] {
        let claimant = Claimant::Named(Identifier::recognise(number));
        let asked = send_verification(&app.services, &ctx, &claimant, Channel::Phone);
        let (asked, taken) = steps(asked).await;
        asked.expect("one answer");
        assert_eq!(*expected.get_or_insert(taken), taken, "{number}");
    }
}

async fn otp_13_a_code_that_verifies_is_guessed_at_by_the_same_steps_whoever_is_named(app: App) {
    let ctx = app.stranger();
    for name in ["nobody@example.org", "new@example.org"] {
        let claimant = Claimant::Named(Identifier::recognise(name));
        let asked = send_verification(&app.services, &ctx, &claimant, Channel::Email).await;
        asked.expect("one answer");
    }
    for nth in 0..7 {
        let mut expected = None;
        for name in addresses() {
            let claimant = Claimant::Named(Identifier::recognise(name));
            let guess =
                verify_by_code(&app.services, &ctx, &claimant, Channel::Email, "0000000000");
            let (outcome, taken) = steps(guess).await;
            assert!(outcome.is_err());
            assert_eq!(*expected.get_or_insert(taken), taken, "{name}, guess {nth}");
        }
    }
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let confirm = |to: &str| {
        let mut mails = mails.iter().rev();
        mails.find(|mail| mail.to == to && mail.subject.contains("Confirm")).expect("a mail")
    };
    let link = domain::token::SecretToken::new(confirm("new@example.org").link_token());
    let verified = verify_by_link(&app.services, &app.stranger(), Channel::Email, &link).await;
    assert!(verified.expect("the link is as good as ever").email_verified);
}
