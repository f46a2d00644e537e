//! Registrations that tell nobody who is registered (REG-12, REG-13).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::{Password, Refusal, Surface, User};
use operations::accounts::{self, NewIdentifiers, Register, Registered, block, register_or_accept};
use operations::sessions::sign_up;
use operations::verification::{Channel, verify_by_link};
use operations::{Client, Context, Result};
use testkit::{App, Backend};
use tokio::task::JoinSet;

use crate::support::{
    DAY, delete, events_of, mail_to, refusal, registration, signed_in, try_sign_in,
};

mod verifying {
    use super::{
        hiding_and_verifying, reg_10_fifty_at_once_make_one_account_and_hear_the_same,
        reg_12_an_address_that_is_taken_takes_the_same_steps_as_one_that_is_free,
        reg_12_the_owner_is_told_once_a_day_and_the_newcomer_is_welcomed,
    };

    testkit::on_every_backend!(hiding_and_verifying =>
        reg_10_fifty_at_once_make_one_account_and_hear_the_same,
        reg_12_an_address_that_is_taken_takes_the_same_steps_as_one_that_is_free,
        reg_12_the_owner_is_told_once_a_day_and_the_newcomer_is_welcomed,
    );
}
mod strict {
    use super::{
        hiding_strictly, lgn_09_a_newcomer_who_has_not_verified_hears_what_strangers_hear,
    };

    testkit::on_every_backend!(hiding_strictly =>
        lgn_09_a_newcomer_who_has_not_verified_hears_what_strangers_hear,
    );
}
testkit::on_every_backend!(hiding =>
    reg_12_an_address_that_is_taken_takes_the_same_steps_as_one_that_is_free,
    reg_12_the_owner_is_told_once_a_day_and_the_newcomer_is_welcomed,
    reg_13_nothing_changes_for_the_owner_and_nobody_gets_a_session,
    otp_14_registrations_and_recoveries_together_send_ten_a_day,
    reg_10_fifty_at_once_make_one_account_and_hear_the_same,
    reg_11_a_key_tells_no_more_than_an_answer,
    a_username_is_said_to_be_taken_whoever_has_the_address,
);

const OTHER: &str = "a lantern on the hill";

const HIDING: [(&str, &str); 3] = [
    ("VESTIBULE_ACCOUNTS__REGISTRATION_REVEALS", "false"),
    ("VESTIBULE_DIALECTS__USER_MANAGEMENT__PROFILE", "hardened"),
    ("VESTIBULE_PASSWORDS__THREADS", "8"),
];
/// As shipped.
const VERIFYING: (&str, &str) = ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true");
const STRICT: (&str, &str) = ("VESTIBULE_ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true");

async fn hiding(backend: Backend) -> App {
    App::with(&HIDING).start(backend).await
}

async fn hiding_and_verifying(backend: Backend) -> App {
    App::with(&[HIDING.as_slice(), &[VERIFYING]].concat()).start(backend).await
}

async fn hiding_strictly(backend: Backend) -> App {
    App::with(&[HIDING.as_slice(), &[VERIFYING, STRICT]].concat()).start(backend).await
}

fn contact(email: Option<&str>, phone: Option<&str>) -> Register {
    Register {
        identifiers: NewIdentifiers {
            username: None,
            email: email.map(str::to_owned),
            phone: phone.map(str::to_owned),
        },
        password: Password::new(OTHER),
        ..registration("nobody")
    }
}

fn mailed(email: &str) -> Register {
    contact(Some(email), None)
}

async fn accepted(app: &App, request: &Register) -> User {
    match register_or_accept(&app.services, &app.stranger(), request).await.expect("accepted") {
        Registered::Accepted(user) => user,
        Registered::Made(user) => panic!("it says that it made {user:?}"),
    }
}

/// How many statements it took.
async fn steps(app: &App, request: &Register) -> u64 {
    let (_, steps) = storage::counted(Box::pin(accepted(app, request))).await;
    assert!(steps > 10, "they are counted: {steps}");
    steps
}

async fn owner(app: &App, name: &str, phone: Option<&str>) -> User {
    let mut request = registration(name);
    request.identifiers.phone = phone.map(str::to_owned);
    accepted(app, &request).await;
    app.account(name).await
}

/// TIM: one hash each, and as many statements, in one transaction. Nothing waits.
async fn reg_12_an_address_that_is_taken_takes_the_same_steps_as_one_that_is_free(app: App) {
    owner(&app, "ann", Some("+15550100000")).await;
    let blocked = owner(&app, "bob", None).await;
    block(&app.services, &app.services.operator(), blocked.id).await.expect("blocked");
    let gone = owner(&app, "kim", None).await;
    delete(&app.services, gone.id).await;
    let free = steps(&app, &mailed("new@example.org")).await;
    for (what, email) in [
        ("taken", "ann@example.org"),
        ("taken, and told already", "ANN@example.org"),
        ("blocked", "bob@example.org"),
        ("deleted", "kim@example.org"),
        ("free again", "newer@example.org"),
    ] {
        assert_eq!(steps(&app, &mailed(email)).await, free, "{what}");
    }
    let phone = |number| contact(None, Some(number));
    let free = steps(&app, &phone("+15550100001")).await;
    assert_eq!(steps(&app, &phone("+15550100000")).await, free, "a number that is taken");
    let both = |email, number| contact(Some(email), Some(number));
    let free = steps(&app, &both("z@example.org", "+15550100002")).await;
    for (email, number) in [
        ("ann@example.org", "+15550100003"),
        ("y@example.org", "+15550100000"),
        ("bob@example.org", "+15550100000"),
    ] {
        assert_eq!(steps(&app, &both(email, number)).await, free, "{email} {number}");
    }
    let named = |name: &str, email| {
        let mut request: Register = mailed(email);
        request.identifiers.username = Some(name.to_owned());
        request
    };
    let free = steps(&app, &named("one", "x@example.org")).await;
    assert_eq!(steps(&app, &named("two", "ann@example.org")).await, free, "with a username");
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!((findings.orphans, findings.nameless_accounts, findings.gaps_in_events), (0, 0, 0));
}

async fn reg_12_the_owner_is_told_once_a_day_and_the_newcomer_is_welcomed(app: App) {
    owner(&app, "ann", Some("+15550100000")).await;
    mail_to(&app, "ann@example.org", "Welcome to Vestibule").await;
    let sent = app.mailbox.mails().len();
    for request in [mailed("ann@example.org"), contact(None, Some("+15550100000"))] {
        accepted(&app, &request).await;
    }
    app.run_jobs().await;
    // Mails of one moment come in no order.
    let mail = mail_to(&app, "ann@example.org", "already have").await;
    assert!(mail.text.contains("sign in as ann") && mail.html.contains("sign in as ann"));
    assert_eq!(mail.find_token(), None);
    assert_eq!(app.mailbox.mails().len(), sent + 1, "once a day");
    app.advance(DAY + Duration::from_secs(1));
    accepted(&app, &mailed("ann@example.org")).await;
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), sent + 2);

    let ann = app.account("ann").await.id;
    delete(&app.services, ann).await;
    app.run_jobs().await;
    let sent = app.mailbox.mails().len();
    app.advance(DAY + Duration::from_secs(1));
    accepted(&app, &mailed("ann@example.org")).await;
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), sent, "who deleted the account has none");
}

async fn reg_13_nothing_changes_for_the_owner_and_nobody_gets_a_session(app: App) {
    let ann = owner(&app, "ann", None).await;
    let session = signed_in(&app.services, "ann").await;
    let before = app.account("ann").await;
    let (users, events) = (app.database.count("users").await, events_of(&app, ann.id).await);
    let tables = ["passwords", "user_roles", "sessions"];
    let mut rows = Vec::new();
    for table in tables {
        rows.push(app.database.count(table).await);
    }
    let shown = accepted(&app, &mailed("Ann@example.org")).await;
    assert_ne!(shown.id, ann.id);
    assert_eq!((shown.number, shown.username), (0, None), "nothing of hers");
    let ctx: Context = app.services.stranger(Surface::UserManagement, Client::default(), None);
    let mut request = mailed("ann@example.org");
    request.identifiers.username = Some("eve".to_owned());
    let taken = sign_up(&app.services, &ctx, &request).await.expect("accepted");
    assert!(taken.tokens.is_none());
    assert_eq!(app.account("ann").await, before);
    assert_eq!(events_of(&app, ann.id).await, events);
    assert_eq!(app.database.count("users").await, users);
    for (table, rows) in tables.into_iter().zip(rows) {
        assert_eq!(app.database.count(table).await, rows, "{table}");
    }
    refusal(try_sign_in(&app.services, "ann", OTHER).await);
    refusal(try_sign_in(&app.services, "eve", OTHER).await);
    signed_in(&app.services, "ann").await;
    drop(session);
    // Who is new gets none either.
    let mut request = mailed("new@example.org");
    request.identifiers.username = Some("new".to_owned());
    let free = sign_up(&app.services, &ctx, &request).await.expect("accepted");
    assert!(free.tokens.is_none());
    let same = |user: &User| (user.number, user.roles.clone(), user.status, user.last_login_at);
    assert_eq!(same(&free.user), same(&taken.user));
    try_sign_in(&app.services, "new", OTHER).await.expect("she is there");
}

async fn reg_10_fifty_at_once_make_one_account_and_hear_the_same(app: App) {
    let apps = [app.beside().await, app.beside().await, app];
    let mut running: JoinSet<Result<Registered>> = (0..50)
        .map(|rival| {
            let services = Arc::clone(&apps[rival % apps.len()].services);
            let ctx = apps[0].stranger();
            async move { register_or_accept(&services, &ctx, &mailed("ann@example.org")).await }
        })
        .collect();
    while let Some(outcome) = running.join_next().await {
        let outcome = outcome.expect("nobody panics").expect("everybody hears the same");
        assert!(matches!(outcome, Registered::Accepted(_)));
    }
    assert_eq!(apps[0].database.count("users").await, 1);
    let ann = apps[0].account("ann@example.org").await;
    assert_eq!(events_of(&apps[0], ann.id).await, ["user.registered"]);
}

async fn reg_11_a_key_tells_no_more_than_an_answer(app: App) {
    owner(&app, "ann", None).await;
    for email in ["ann@example.org", "new@example.org"] {
        let keyed = |password: &str| Register {
            password: Password::new(password),
            idempotency_key: Some(format!("key-of-{email}")),
            ..mailed(email)
        };
        let first = accepted(&app, &keyed(OTHER)).await;
        let again = accepted(&app, &keyed(OTHER)).await;
        assert_eq!(User { id: first.id, ..again }, first, "{email}");
        let (ctx, other) = (app.stranger(), keyed("another one here"));
        let other = register_or_accept(&app.services, &ctx, &other).await;
        assert_eq!(refusal(other), Refusal::IdempotencyMismatch, "{email}");
    }
    assert_eq!(app.database.count("users").await, 2);
}

async fn a_username_is_said_to_be_taken_whoever_has_the_address(app: App) {
    owner(&app, "ann", None).await;
    for email in ["ann@example.org", "new@example.org"] {
        let mut request = mailed(email);
        request.identifiers.username = Some("ANN".to_owned());
        let refused = refusal(accounts::register(&app.services, &app.stranger(), &request).await);
        let Refusal::IdentifierTaken(taken) = refused else { panic!("{refused:?}") };
        assert_eq!((taken.value(), taken.kinds().count()), ("ANN", 1), "{email}");
    }
    // Nothing to hide: a name alone.
    let mut named = contact(None, None);
    named.identifiers.username = Some("bob".to_owned());
    let made = register_or_accept(&app.services, &app.stranger(), &named).await;
    assert!(matches!(made, Ok(Registered::Made(user)) if user.number > 0));
    // The operator is told everything.
    let ctx = app.services.operator();
    let refused = accounts::register(&app.services, &ctx, &mailed("ann@example.org")).await;
    assert!(matches!(refusal(refused), Refusal::IdentifierTaken(_)));
}

/// REG-12: who registers an address and then signs in with it would know whether it was free.
async fn lgn_09_a_newcomer_who_has_not_verified_hears_what_strangers_hear(app: App) {
    let ann = owner(&app, "ann", None).await;
    verify(&app, "ann@example.org").await;
    let own = try_sign_in(&app.services, "ann", testkit::PASSWORD).await;
    assert_eq!(own.expect("she has verified it").user.id, ann.id);
    for email in ["ann@example.org", "free@example.org"] {
        accepted(&app, &mailed(email)).await;
    }
    app.run_jobs().await;
    let asked = [asked(&app, "ann@example.org"), asked(&app, "free@example.org")];
    assert_eq!(asked, [1, 1]);
    // However often: a count would tell as well.
    for nth in 0..8 {
        app.advance(Duration::from_secs(90));
        let taken = attempt(&app, "ann@example.org", OTHER).await;
        let free = attempt(&app, "free@example.org", OTHER).await;
        assert_eq!(free, taken, "try {nth}");
        let (unknown, _) = attempt(&app, "nobody@example.org", OTHER).await;
        assert_eq!(free.0, unknown, "try {nth}");
        // At once: what a newer one has replaced is not sent.
        app.run_jobs().await;
    }
    // What a newcomer needs: the mail again. Nothing else explains it.
    let [ann, free] = ["ann@example.org", "free@example.org"].map(|to| self::asked(&app, to));
    assert_eq!(ann, 1, "nobody asks her again");
    assert!((3..=6).contains(&free), "once a minute, five an hour: {free}");
    verify(&app, "free@example.org").await;
    app.advance(DAY);
    try_sign_in(&app.services, "free@example.org", OTHER).await.expect("verified");
}

/// How often an address was asked whether it is its owner's.
fn asked(app: &App, address: &str) -> usize {
    let mails = app.mailbox.mails();
    mails.iter().filter(|mail| mail.to == address && mail.subject.contains("Confirm")).count()
}

/// What somebody hears who tries, and the steps that it takes.
async fn attempt(app: &App, name: &str, with: &str) -> (Refusal, u64) {
    let tried = Box::pin(try_sign_in(&app.services, name, with));
    let (outcome, steps) = storage::counted(tried).await;
    (refusal(outcome), steps)
}

async fn verify(app: &App, email: &str) {
    let link = mail_to(app, email, "Confirm").await.link_token();
    let link = domain::token::SecretToken::new(link);
    let (ctx, email) = (app.stranger(), Channel::Email);
    verify_by_link(&app.services, &ctx, email, &link).await.expect("verified");
}

async fn otp_14_registrations_and_recoveries_together_send_ten_a_day(app: App) {
    let ann = registration("ann");
    let named = domain::Identifier::recognise("ann@example.org");
    for round in 0..60 {
        let stranger = app.stranger();
        let registered = register_or_accept(&app.services, &stranger, &ann).await;
        // A username that is taken is said to be so; another one reaches for the address.
        drop(registered);
        let other = Register {
            identifiers: NewIdentifiers {
                username: Some(format!("other{round}")),
                ..ann.identifiers.clone()
            },
            ..registration("ann")
        };
        register_or_accept(&app.services, &stranger, &other).await.expect("accepted");
        let asked = operations::recovery::request_recovery(&app.services, &stranger, &named).await;
        drop(asked);
        app.run_jobs().await;
        app.advance(Duration::from_mins(20));
    }
    let mails = app.mailbox.mails();
    let sent = mails.iter().filter(|mail| mail.to == "ann@example.org").count();
    assert_eq!(sent, 10, "in twenty hours");
}
