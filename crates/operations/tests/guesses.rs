//! What becomes of an account at whose password somebody guesses (LGN-02, LGN-12).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::attempts::SLOT_LIFE;
use domain::{Password, Refusal, UserId};
use operations::passwords::set_by_operator;
use operations::passwords::{keep_failures_told, tell_of_failures};
use storage::events;
use testkit::{App, PASSWORD, Row};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{refusal, registered, try_sign_in};

testkit::on_every_backend!(App::on =>
    lgn_02_after_a_hundred_failures_the_right_password_is_refused_until_it_is_set_anew,
    lgn_12_the_owner_is_told_of_guesses_and_of_a_success_after_them,
    failures_are_told_once_a_minute,
    a_purge_forgets_the_guesses,
    r_23_what_was_shed_is_no_failure_and_keeps_no_slot,
    lgn_03_what_clients_left_behind_gives_back_no_slots_of_others,
    nobody_stands_in_the_lines_for_long,
);

const WRONG: &str = "not the password at all";

/// Guesses wrong, each time as soon as it may.
async fn fail(app: &App, name: &str, times: usize) {
    let mut failed = 0;
    while failed < times {
        let refused = refusal(try_sign_in(&app.services, name, WRONG).await);
        if let Refusal::TooManyRequests { retry_after } = refused {
            app.advance(retry_after);
        } else {
            assert_eq!(refused, Refusal::InvalidCredentials);
            failed += 1;
        }
    }
    app.advance(Duration::from_mins(15));
}

async fn count(app: &App, id: UserId, name: &str) -> usize {
    let mut read = app.database.store.read().await.expect("a connection");
    let all = events::of_user(&mut read, id).await.expect("the events");
    all.iter().filter(|event| event.name == format!("vestibule.user.{name}.v1")).count()
}

async fn lgn_02_after_a_hundred_failures_the_right_password_is_refused_until_it_is_set_anew(
    app: App,
) {
    let ann = registered(&app.services, "ann").await;
    fail(&app, "ann", 99).await;
    try_sign_in(&app.services, "ann", PASSWORD).await.expect("the hundredth may be right");
    fail(&app, "ann", 100).await;
    for _ in 0..2 {
        let refused = refusal(try_sign_in(&app.services, "ann", PASSWORD).await);
        assert_eq!(refused, Refusal::InvalidCredentials, "and it sounds like a wrong one");
        app.advance(Duration::from_mins(15));
    }
    assert_eq!(count(&app, ann.id, "password_disabled").await, 1);
    let new = Password::new("a quite new password");
    let operator = app.services.operator();
    set_by_operator(&app.services, &operator, ann.id, &new).await.expect("set");
    try_sign_in(&app.services, "ann", "a quite new password").await.expect("it works");
    app.run_jobs().await;
}

async fn lgn_12_the_owner_is_told_of_guesses_and_of_a_success_after_them(app: App) {
    let ann = registered(&app.services, "ann").await;
    fail(&app, "ann", 4).await;
    try_sign_in(&app.services, "ann", PASSWORD).await.expect("signed in");
    app.run_jobs().await;
    assert!(app.mailbox.mails().is_empty(), "four are nothing");
    fail(&app, "ann", 25).await;
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    assert_eq!(mails.len(), 1, "at twenty, once");
    assert!(mails[0].subject.contains("Failed attempts"), "{}", mails[0].subject);
    try_sign_in(&app.services, "ann", PASSWORD).await.expect("signed in");
    try_sign_in(&app.services, "ann", PASSWORD).await.expect("and again, which is nothing");
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    assert_eq!(mails.len(), 2);
    assert!(mails.iter().any(|mail| mail.subject.contains("after failed attempts")));
    assert_eq!(count(&app, ann.id, "signed_in_after_failures").await, 1);
}

async fn failures_are_told_once_a_minute(app: App) {
    let ann = registered(&app.services, "ann").await;
    for _ in 0..4 {
        refusal(try_sign_in(&app.services, "ann", WRONG).await);
    }
    refusal(try_sign_in(&app.services, "nobody", WRONG).await);
    assert_eq!(count(&app, ann.id, "sign_in_failed").await, 0, "LGN-09: not before the answer");
    tell_of_failures(&app.services).await.expect("told");
    assert_eq!(count(&app, ann.id, "sign_in_failed").await, 1);
    app.advance(Duration::from_mins(1));
    refusal(try_sign_in(&app.services, "ann", WRONG).await);
    keep_failures_told(&app.services, std::future::ready(())).await;
    assert_eq!(count(&app, ann.id, "sign_in_failed").await, 2);
}

/// One thread, and no patience: of those who have a slot most are sent away.
async fn r_23_what_was_shed_is_no_failure_and_keeps_no_slot(app: App) {
    let settings = [
        ("VESTIBULE_PASSWORDS__MEMORY_KIB", "65536"),
        ("VESTIBULE_PASSWORDS__THREADS", "1"),
        ("VESTIBULE_PASSWORDS__MAX_WAIT", "10ms"),
    ];
    let app = App::with(&settings).beside(&app).await;
    registered(&app.services, "ann").await;
    let mut crowd = JoinSet::new();
    for _ in 0..30 {
        let services = Arc::clone(&app.services);
        crowd.spawn(async move { refusal(try_sign_in(&services, "ann", WRONG).await) });
    }
    let refusals = crowd.join_all().await;
    let of = |code: &str| refusals.iter().filter(|refusal| refusal.code() == code).count();
    assert!(of("overloaded") >= 1, "{refusals:?}");
    let dump = app.database.dump().await;
    let [row] = dump.rows("proof_attempts") else { panic!("one account, one row") };
    assert_eq!(row.number("failures"), i64::try_from(of("invalid_credentials")).expect("few"));
    assert_eq!(row.number("in_flight"), 0);
}

const SLOW: [(&str, &str); 5] = [
    ("VESTIBULE_PASSWORDS__MEMORY_KIB", "65536"),
    ("VESTIBULE_PASSWORDS__ITERATIONS", "8"),
    ("VESTIBULE_PASSWORDS__THREADS", "1"),
    ("VESTIBULE_PASSWORDS__MAX_WAIT", "30s"),
    ("VESTIBULE_LIMITS__MAX_WAIT", "2s"),
];

/// Five guesses that are being compared for as long as the test takes.
async fn five_at_once(app: &App) -> JoinSet<Refusal> {
    let mut crowd = JoinSet::new();
    for _ in 0..5 {
        let services = Arc::clone(&app.services);
        crowd.spawn(async move { refusal(try_sign_in(&services, "ann", WRONG).await) });
    }
    loop {
        let dump = app.database.dump().await;
        let full = (app.now() + SLOT_LIFE).as_micros();
        let is_full =
            |row: &Row| row.number("in_flight") == 5 && row.number("slots_expire_at") == full;
        if dump.rows("proof_attempts").iter().any(is_full) {
            return crowd;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn lgn_03_what_clients_left_behind_gives_back_no_slots_of_others(app: App) {
    let one = App::with(&SLOW).beside(&app).await;
    registered(&one.services, "ann").await;
    let other = App::with(&SLOW).beside(&app).await;
    five_at_once(&one).await.shutdown().await;
    app.advance(Duration::from_secs(11));
    // The five that were lost have expired, and these have slots of their own.
    let mut crowd = five_at_once(&other).await;
    let sixth = refusal(try_sign_in(&one.services, "ann", WRONG).await);
    assert_ne!(sixth, Refusal::InvalidCredentials, "it was compared");
    crowd.shutdown().await;
}

async fn nobody_stands_in_the_lines_for_long(app: App) {
    let app = App::with(&SLOW).beside(&app).await;
    registered(&app.services, "ann").await;
    let mut crowd = five_at_once(&app).await;
    let begun = Instant::now();
    let sixth = refusal(try_sign_in(&app.services, "ann", WRONG).await);
    assert_ne!(sixth, Refusal::InvalidCredentials, "it was compared");
    assert!(begun.elapsed() < Duration::from_secs(4), "two, and what a slow machine needs");
    crowd.shutdown().await;
}

async fn a_purge_forgets_the_guesses(app: App) {
    let ann = registered(&app.services, "ann").await;
    fail(&app, "ann", 6).await;
    let operator = app.services.operator();
    operations::accounts::delete_for_good(&app.services, &operator, ann.id).await.expect("deleted");
    app.run_jobs().await;
    assert_eq!(app.database.count("proof_attempts").await, 0);
}
