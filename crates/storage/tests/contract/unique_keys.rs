//! Each unique key is reported by its name on every backend, and absent values never collide.

use std::time::Duration;

use domain::attempts::Attempts;
use domain::confirmation::Purpose;
use domain::limit::Moments;
use domain::user::Identifiers;
use domain::{Actor, Event, EventId, JobId, KeyId, Surface, Timestamp, User};
use storage::events::{self, NewEvent};
use storage::jobs::{self, Lane, NewJob};
use storage::signing_keys::{self, StoredKey};
use storage::{
    Error, Result, Store, Tx, UniqueKey, command_inbox, confirmations, idempotency_keys,
    proof_attempts, rate_limits, sendings, service_accounts, users,
};
use testkit::{Database, on_every_backend};

use crate::given::{self, NOW, later};
use crate::raw::Raw;

const RECOVERY: Purpose = Purpose::Recovery;

on_every_backend!(Database::fresh =>
    each_key_reports_itself,
    absent_values_do_not_collide,
);

async fn each_key_reports_itself(database: Database) {
    let store = &database.store;
    let ann = given::user(store, &given::named("ann")).await;
    let bob = given::user(store, &given::mailed("bob@example.org")).await;
    given::user(store, &given::called("+15550100")).await;
    let pushed: Result<()> = storage::transact!(store, |tx| {
        push(tx, &ann).await?;
        push(tx, &bob).await?;
        users::delete(tx, ann.id, NOW, later(1), Some(b"digest")).await?;
        insert_job(tx, Some("once")).await?;
        signing_keys::insert(tx, &key()).await?;
        remember(tx, &ann).await?;
        command_inbox::insert(tx, &given::command(b"digest")).await?;
        service_accounts::insert(tx, &given::service("gateway"), b"digest").await?;
        rate_limits::insert(tx, b"bucket", [Some(NOW), None]).await?;
        sendings::insert(tx, b"bucket", &Moments::default(), NOW).await?;
        proof_attempts::insert(tx, b"bucket", None, &Attempts::default(), NOW).await?;
        confirmations::insert(tx, &given::confirmation(b"bucket", b"link"), RECOVERY, NOW).await?;
    });
    pushed.expect("the first of each");

    let mut raw = Raw::connect(&database).await;
    for key in UniqueKey::ALL {
        let outcome = repeat(key, store, &mut raw, [&ann, &bob]).await;
        match outcome {
            Err(Error::Conflict(reported)) => assert_eq!(reported, key),
            other => panic!("{key:?} gave {other:?}"),
        }
    }
}

/// Writes once more what holds `key` already.
async fn repeat(
    key: UniqueKey,
    store: &Store,
    raw: &mut Raw,
    [ann, bob]: [&User; 2],
) -> Result<()> {
    // No function of ours gives a position yet, nor turns the counter of versions back.
    match key {
        UniqueKey::Username => again(store, &given::named("ANN")).await,
        UniqueKey::Email => again(store, &given::mailed("BOB@example.org")).await,
        UniqueKey::Phone => again(store, &given::called("15550100")).await,
        UniqueKey::RestorationToken => storage::transact!(store, |tx| {
            users::delete(tx, bob.id, NOW, later(1), Some(b"digest")).await?;
        }),
        UniqueKey::EventPosition => raw.attempt("UPDATE events SET position = 7").await.map(drop),
        UniqueKey::EventVersion => {
            raw.execute("UPDATE users SET event_version = 0").await;
            storage::transact!(store, |tx| { push(tx, ann).await? })
        }
        UniqueKey::Job => storage::transact!(store, |tx| { insert_job(tx, Some("once")).await? }),
        UniqueKey::SigningKeyGeneration => {
            storage::transact!(store, |tx| { signing_keys::insert(tx, &self::key()).await? })
        }
        UniqueKey::ProofAttempts => storage::transact!(store, |tx| {
            proof_attempts::insert(tx, b"bucket", None, &Attempts::default(), NOW).await?;
        }),
        UniqueKey::Confirmation => storage::transact!(store, |tx| {
            let same = given::confirmation(b"bucket", b"other link");
            confirmations::insert(tx, &same, RECOVERY, NOW).await?;
        }),
        UniqueKey::ConfirmationLink => storage::transact!(store, |tx| {
            let same = given::confirmation(b"other bucket", b"link");
            confirmations::insert(tx, &same, RECOVERY, NOW).await?;
        }),
        UniqueKey::RateLimit => storage::transact!(store, |tx| {
            rate_limits::insert(tx, b"bucket", [Some(NOW), None]).await?;
        }),
        UniqueKey::Sending => storage::transact!(store, |tx| {
            sendings::insert(tx, b"bucket", &Moments::default(), NOW).await?;
        }),
        UniqueKey::IdempotencyKey => storage::transact!(store, |tx| { remember(tx, bob).await? }),
        UniqueKey::Command => storage::transact!(store, |tx| {
            command_inbox::insert(tx, &given::command(b"digest")).await?;
        }),
        UniqueKey::ServiceName => storage::transact!(store, |tx| {
            service_accounts::insert(tx, &given::service("gateway"), b"digest").await?;
        }),
    }
}

async fn remember(tx: &mut Tx, user: &User) -> Result<()> {
    idempotency_keys::insert(tx, b"digest", b"fingerprint", user.id, NOW).await
}

async fn again(store: &Store, identifiers: &Identifiers) -> Result<()> {
    storage::transact!(store, |tx| { given::insert(tx, identifiers).await.map(|_| ())? })
}

async fn absent_values_do_not_collide(database: Database) {
    let store = &database.store;
    let mut absent = Vec::new();
    for identifiers in [
        given::named("ann"),
        given::named("bob"),
        given::mailed("ann@example.org"),
        given::mailed("bob@example.org"),
        given::called("+15550100"),
        given::called("+15550101"),
    ] {
        absent.push(given::user(store, &identifiers).await);
    }
    let written: Result<()> = storage::transact!(store, |tx| {
        for user in &absent[..2] {
            // Without a position, a restoration token, an identifier, a key.
            push(tx, user).await?;
            users::delete(tx, user.id, NOW, later(1), None).await?;
            users::free_identifiers(tx, user.id).await?;
            insert_job(tx, None).await?;
        }
    });
    written.expect("none of these is a conflict");
}

async fn push(tx: &mut Tx, user: &User) -> Result<()> {
    let new = NewEvent {
        id: EventId::new(NOW, given::chance()),
        user_id: user.id,
        event: &Event::UserRegistered,
        actor: Actor::Anonymous,
        surface: Surface::Native,
        request_id: None,
        address: None,
        agent: None,
        now: NOW,
    };
    events::push(tx, &new).await
}

async fn insert_job(tx: &mut Tx, unique_key: Option<&str>) -> Result<()> {
    let job = NewJob {
        id: JobId::new(NOW, given::chance()),
        kind: "test",
        message: None,
        unique_key,
        payload: b"",
        user_id: None,
        lane: Lane::Work,
        run_at: NOW,
        max_attempts: 1,
        now: NOW,
    };
    jobs::insert(tx, &job).await
}

fn key() -> StoredKey {
    StoredKey {
        id: KeyId::new(NOW, given::chance()),
        purpose: "access".to_owned(),
        generation: 1,
        algorithm: "EdDSA".to_owned(),
        issuer: "https://example.org".to_owned(),
        public_key: vec![1],
        sealed_key: vec![2],
        created_at: Timestamp::from_seconds(1),
        active_from: Timestamp::from_seconds(2),
        longest_life: Duration::from_mins(30),
        retired_at: None,
    }
}
