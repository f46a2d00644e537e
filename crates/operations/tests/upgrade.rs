//! Hashes grow stronger at sign-in, and a crowd is sent away (PWD-10, R-23).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::{Password, Refusal, UserId};
use operations::passwords::hashing::{HashSettings, Passwords, Scheme};
use storage::transact;
use testkit::{App, Backend, PASSWORD, SeededEntropy};
use tokio::task::JoinSet;

use crate::support::{is_dead, refusal, registered, signed_in, try_sign_in};

testkit::on_every_backend!(App::on =>
    pwd_10_simultaneous_sign_ins_upgrade_an_outdated_hash_once,
    pwd_10_a_wrong_password_upgrades_nothing,
);

async fn pwd_10_simultaneous_sign_ins_upgrade_an_outdated_hash_once(app: App) {
    let beside = app.beside().await;
    let ann = registered(&app.services, "ann").await;
    let outdated = make_outdated(&app, ann.id).await;
    let mut crowd = JoinSet::new();
    for number in 0..20 {
        let instance = if number % 2 == 0 { &app } else { &beside };
        let services = Arc::clone(&instance.services);
        crowd.spawn(async move { try_sign_in(&services, "ann", PASSWORD).await });
    }
    let outcomes = crowd.join_all().await;
    for outcome in outcomes {
        let session = outcome.expect("the password is right");
        assert!(!is_dead(&app.services, &session).await);
    }
    let upgraded = hash_of(&app, ann.id).await;
    assert_ne!(upgraded, outdated);
    signed_in(&app.services, "ann").await;
    assert_eq!(hash_of(&app, ann.id).await, upgraded, "one upgrade is enough");
}

async fn pwd_10_a_wrong_password_upgrades_nothing(app: App) {
    let ann = registered(&app.services, "ann").await;
    let outdated = make_outdated(&app, ann.id).await;
    let outcome = try_sign_in(&app.services, "ann", "not her password").await;
    assert_eq!(refusal(outcome), Refusal::InvalidCredentials);
    assert_eq!(hash_of(&app, ann.id).await, outdated);
}

#[tokio::test]
async fn r_23_a_crowd_is_told_when_to_come_back() {
    let settings = [
        ("VESTIBULE_PASSWORDS__MEMORY_KIB", "19456"),
        ("VESTIBULE_PASSWORDS__THREADS", "1"),
        ("VESTIBULE_PASSWORDS__MAX_WAIT", "10ms"),
    ];
    let app = App::with(&settings).start(Backend::Sqlite).await;
    registered(&app.services, "ann").await;
    let mut crowd = JoinSet::new();
    for _ in 0..30 {
        let services = Arc::clone(&app.services);
        crowd.spawn(async move { try_sign_in(&services, "ann", PASSWORD).await });
    }
    let mut sent_away = 0;
    for outcome in crowd.join_all().await {
        if outcome.is_ok() {
            continue;
        }
        let refusal = refusal(outcome);
        let Refusal::Overloaded { retry_after } = refusal else { panic!("{refusal}") };
        assert!(retry_after >= Duration::from_secs(1), "{retry_after:?}");
        sent_away += 1;
    }
    assert!(sent_away > 0, "one thread does not hash for thirty at once");
    signed_in(&app.services, "ann").await;
}

/// Replaces the hash by one of the same password and other costs.
async fn make_outdated(app: &App, id: UserId) -> String {
    let scheme = Scheme::Argon2id { memory_kib: 32, iterations: 3, parallelism: 1 };
    let settings = HashSettings {
        scheme,
        max_wait: Duration::from_hours(1),
        allow_weak: true,
        ..HashSettings::new(1)
    };
    let passwords = Passwords::start(settings, Arc::new(SeededEntropy::new(99))).expect("a pool");
    let hash = passwords.hash(&Password::new(PASSWORD)).await.expect("a hash").into_string();
    let (store, now) = (&app.database.store, app.now());
    let written: storage::Result<()> =
        transact!(store, |tx| { storage::passwords::set(tx, id, &hash, now).await? });
    written.expect("written");
    hash
}

async fn hash_of(app: &App, id: UserId) -> String {
    let mut read = app.database.store.read().await.expect("a connection");
    storage::passwords::find(&mut read, id).await.expect("a row").expect("a hash")
}
