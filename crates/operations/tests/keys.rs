//! Keys come and go while people are signed in (JWT-12).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::token::SecretToken;
use domain::{KeyId, Refusal, TokenDefect};
use operations::jobs::{Schedules, schedule};
use operations::sessions::{SignedIn, authenticate, refresh};
use operations::tokens::{
    Begin, KeyInfo, KeyState, jwks, list_keys, reload_keys, retire_key, rotate_keys,
};
use operations::{Error, Services};
use testkit::{App, Backend, on_every_backend};
use tokio::task::JoinSet;

use crate::support::{DAY, refresh_of, refusal, registered, signed_in};

const HOUR: Duration = Duration::from_hours(1);

on_every_backend!(App::on =>
    jwt_12_the_next_key_is_published_before_it_signs,
    jwt_12_no_token_is_refused_while_keys_rotate_under_sign_ins,
    jwt_12_a_retired_key_is_refused_and_another_signs_at_once,
    jwt_12_a_key_is_replaced_by_itself_before_its_time_is_over,
    of_twenty_rotations_at_once_one_makes_the_key,
    the_key_of_opaque_refresh_tokens_can_be_retired,
);

async fn keys(services: &Services) -> Vec<KeyInfo> {
    let keys = list_keys(services).await.expect("a list");
    keys.into_iter().filter(|key| key.purpose == "access_token").collect()
}

/// The states of the keys that sign, oldest first.
async fn states(services: &Services) -> Vec<&'static str> {
    keys(services).await.iter().map(|key| key.state.as_str()).collect()
}

async fn rotate(app: &App, begin: Begin) -> KeyInfo {
    rotate_keys(&app.services, &app.services.operator(), begin).await.expect("another key")
}

async fn accept(app: &App, signed_in: &SignedIn) -> operations::Result<()> {
    let token = &signed_in.tokens.access.token;
    authenticate(&app.services, &app.stranger(), token).await.map(drop)
}

/// The `kid` of the token.
fn kid(signed_in: &SignedIn) -> String {
    let token = signed_in.tokens.access.token.reveal();
    let header = token.split('.').next().expect("a header");
    let header = data_encoding::BASE64URL_NOPAD.decode(header.as_bytes()).expect("base64url");
    let header: serde_json::Value = serde_json::from_slice(&header).expect("JSON");
    header["kid"].as_str().expect("a kid").to_owned()
}

fn published(services: &Services) -> Vec<String> {
    jwks(services).keys.iter().filter_map(|key| key.common.key_id.clone()).collect()
}

async fn jwt_12_the_next_key_is_published_before_it_signs(app: App) {
    registered(&app.services, "ann").await;
    let first = signed_in(&app.services, "ann").await;
    let beside = app.beside().await;
    // Keys are published in the order of their ids: of one millisecond, chance decides.
    app.advance(Duration::from_secs(1));
    let next = rotate(&app, Begin::WhenKnown).await;
    assert_eq!((next.state, next.active_from), (KeyState::Next, app.now() + DAY));
    assert_eq!(rotate(&app, Begin::WhenKnown).await, next, "asked twice, made once");
    reload_keys(&beside.services).await.expect("read again");
    for node in [&app, &beside] {
        let published = published(&node.services);
        assert_eq!(published, [kid(&first), next.id.to_string()]);
        assert_eq!(kid(&signed_in(&node.services, "ann").await), kid(&first), "not yet");
    }
    app.advance(DAY);
    // Nobody has to read the keys again for the change itself.
    for node in [&app, &beside] {
        let second = signed_in(&node.services, "ann").await;
        assert_eq!(kid(&second), next.id.to_string());
        for other in [&app, &beside] {
            accept(other, &second).await.expect("known everywhere");
        }
    }
    assert_eq!(states(&app.services).await, ["accepted", "signing"]);
    // Signed refresh tokens live for thirty days.
    app.advance(30 * DAY + HOUR);
    assert_eq!(states(&app.services).await, ["over", "signing"]);
    assert_eq!(published(&app.services), [next.id.to_string()]);
}

async fn jwt_12_no_token_is_refused_while_keys_rotate_under_sign_ins(app: App) {
    let beside = app.beside().await;
    for number in 0..4 {
        registered(&app.services, &format!("ann{number}")).await;
    }
    for round in 0..3 {
        let mut crowd = JoinSet::new();
        for number in 0..4 {
            let [one, other] = [&app, &beside].map(|app| Arc::clone(&app.services));
            crowd.spawn(async move {
                let (signer, verifier) = if number % 2 == 0 { (one, other) } else { (other, one) };
                for _ in 0..5 {
                    let session = signed_in(&signer, &format!("ann{number}")).await;
                    for node in [&signer, &verifier] {
                        let ctx = node.native(operations::Client::default(), None);
                        let token = &session.tokens.access.token;
                        authenticate(node, &ctx, token).await.expect("good everywhere");
                    }
                }
            });
        }
        // Also a key that nobody was told of before is known when it is met.
        app.advance(Duration::from_secs(2));
        rotate(&app, if round == 1 { Begin::WhenKnown } else { Begin::Now }).await;
        crowd.join_all().await;
        app.advance(DAY);
    }
}

async fn jwt_12_a_retired_key_is_refused_and_another_signs_at_once(app: App) {
    registered(&app.services, "ann").await;
    let beside = app.beside().await;
    let stolen = signed_in(&app.services, "ann").await;
    let id = keys(&app.services).await[0].id;
    let ctx = app.services.operator();
    for _ in 0..2 {
        let retired = retire_key(&app.services, &ctx, id).await.expect("retired");
        assert_eq!(retired.state, KeyState::Retired { at: ctx.now });
    }
    assert_eq!(states(&app.services).await, ["retired", "signing"]);
    // What `keep_keys` does twice a minute.
    reload_keys(&beside.services).await.expect("read again");
    for node in [&app, &beside] {
        let bad = Refusal::InvalidToken(TokenDefect::BadSignature);
        assert_eq!(refusal(accept(node, &stolen).await), bad);
        assert!(!published(&node.services).contains(&id.to_string()));
    }
    // Nobody has to sign in again: the refresh token is not of that key.
    let renewed = refresh(&beside.services, &app.stranger(), &refresh_of(&stolen)).await;
    let access = renewed.expect("good").access.token;
    authenticate(&app.services, &app.stranger(), &access).await.expect("good everywhere");

    // One that waits already takes over.
    let next = rotate(&app, Begin::WhenKnown).await;
    let signing = keys(&app.services).await[1].id;
    retire_key(&app.services, &app.services.operator(), signing).await.expect("retired");
    assert_eq!(states(&app.services).await, ["retired", "retired", "signing"]);
    assert_eq!(kid(&signed_in(&app.services, "ann").await), next.id.to_string());
    // One that never signed leaves everything as it is.
    let waiting = rotate(&app, Begin::WhenKnown).await;
    let third = signed_in(&app.services, "ann").await;
    retire_key(&app.services, &app.services.operator(), waiting.id).await.expect("retired");
    app.advance(2 * DAY);
    assert_eq!(kid(&signed_in(&app.services, "ann").await), kid(&third));
    assert_eq!(states(&app.services).await, ["retired", "retired", "signing", "retired"]);

    // One that was replaced does not come back.
    let last = rotate(&app, Begin::Now).await;
    retire_key(&app.services, &app.services.operator(), last.id).await.expect("retired");
    let states = states(&app.services).await;
    assert_eq!(states[2..], ["accepted", "retired", "retired", "signing"]);

    let nobody = KeyId::new(app.now(), [9; 10]);
    let unknown = retire_key(&app.services, &app.services.operator(), nobody).await;
    assert_eq!(refusal(unknown), Refusal::KeyNotFound);
}

async fn jwt_12_a_key_is_replaced_by_itself_before_its_time_is_over(app: App) {
    let beside = app.beside().await;
    app.advance(88 * DAY + 22 * HOUR);
    app.sweep().await;
    assert_eq!(states(&app.services).await, ["signing"]);
    app.advance(HOUR);
    for node in [&app, &beside] {
        schedule(&node.services, &Schedules::default()).await.expect("promised");
    }
    app.advance(HOUR);
    tokio::join!(app.run_jobs(), beside.run_jobs());
    assert_eq!(states(&app.services).await, ["signing", "next"]);
    app.sweep().await;
    assert_eq!(states(&app.services).await, ["signing", "next"], "once");
    app.advance(DAY);
    assert_eq!(states(&app.services).await, ["accepted", "signing"]);
    let signing = keys(&app.services).await[1].clone();
    assert_eq!(signing.active_from, signing.created_at + DAY);
    app.advance(89 * DAY);
    app.sweep().await;
    assert_eq!(states(&app.services).await, ["over", "signing", "next"]);
}

async fn of_twenty_rotations_at_once_one_makes_the_key(app: App) {
    let beside = app.beside().await;
    let mut rivals = JoinSet::new();
    for number in 0..20 {
        let services = if number % 2 == 0 { &app.services } else { &beside.services };
        let services = Arc::clone(services);
        rivals.spawn(async move {
            rotate_keys(&services, &services.operator(), Begin::WhenKnown).await.expect("a key").id
        });
    }
    let mut made = rivals.join_all().await;
    made.dedup();
    assert_eq!(made.len(), 1);
    assert_eq!(keys(&app.services).await.len(), 2);
}

/// Everybody signs in again: whoever has that key can make any refresh token.
async fn the_key_of_opaque_refresh_tokens_can_be_retired(app: App) {
    registered(&app.services, "ann").await;
    let before = signed_in(&app.services, "ann").await;
    let all = list_keys(&app.services).await.expect("a list");
    let key = all.iter().find(|key| key.purpose == "refresh_token").expect("a key");
    retire_key(&app.services, &app.services.operator(), key.id).await.expect("retired");
    let refused = refresh(&app.services, &app.stranger(), &refresh_of(&before)).await;
    assert_eq!(refusal(refused), Refusal::InvalidToken(TokenDefect::BadSignature));
    let after = signed_in(&app.services, "ann").await;
    refresh(&app.services, &app.stranger(), &refresh_of(&after)).await.expect("good");
}

/// Forged key ids cost one look a second, however many there are, and nobody else a token.
#[tokio::test]
async fn jwt_12_forged_key_ids_hide_no_new_key() {
    let app = App::on(Backend::Sqlite).await;
    registered(&app.services, "ann").await;
    let beside = app.beside().await;
    rotate(&app, Begin::Now).await;
    let new = signed_in(&app.services, "ann").await;
    let forged = (0..50).map(|number| {
        let id = KeyId::new(app.now(), [number; 10]);
        let header = format!(r#"{{"alg":"EdDSA","typ":"at+jwt","kid":"{id}"}}"#);
        let header = data_encoding::BASE64URL_NOPAD.encode(header.as_bytes());
        SecretToken::new(format!("{header}.e30.AAAA"))
    });
    let forged: Vec<SecretToken> = forged.collect();
    let ask =
        async |token: &SecretToken| authenticate(&beside.services, &beside.stranger(), token).await;
    let bad = Refusal::InvalidToken(TokenDefect::BadSignature);
    assert_eq!(refusal(ask(&forged[0]).await), bad, "the look of this second is spent");
    rotate(&app, Begin::Now).await;
    let newer = signed_in(&app.services, "ann").await;
    let crowd = async {
        let outcomes = futures_util::future::join_all(forged.iter().map(&ask)).await;
        let good = tokio::join!(accept(&beside, &new), accept(&beside, &newer));
        (outcomes, good)
    };
    let crowd = tokio::time::timeout(Duration::from_secs(20), Box::pin(crowd)).await;
    let (outcomes, good) = crowd.expect("they wait together, not one after the other");
    for outcome in outcomes {
        assert_eq!(refusal(outcome), bad);
    }
    good.0.expect("found by the first look");
    good.1.expect("found by the second");

    // Nobody is told that a token is bad when we could not look.
    beside.services.stop().await;
    for token in &forged[..2] {
        let outcome = ask(token).await;
        assert!(matches!(&outcome, Err(error @ Error::Fault(_)) if error.is_unavailable()));
    }
}

/// The secret of the settings is exchanged in the settings.
#[tokio::test]
async fn a_secret_of_the_settings_is_not_ours_to_rotate() {
    let secret = "nB9T4gq2yL0y6kq1m0yJm3mR0c5bWw8sYd7f3hUeX5k=";
    let settings =
        [("VESTIBULE_TOKENS__ALGORITHM", "HS256"), ("VESTIBULE_TOKENS__HS256_SECRET", secret)];
    let app = App::with(&settings).start(Backend::Sqlite).await;
    for begin in [Begin::WhenKnown, Begin::Now] {
        let refused = rotate_keys(&app.services, &app.services.operator(), begin).await;
        assert_eq!(refusal(refused), Refusal::KeyFromSettings);
    }
    let id = keys(&app.services).await[0].id;
    let refused = retire_key(&app.services, &app.services.operator(), id).await;
    assert_eq!(refusal(refused), Refusal::KeyFromSettings);
    app.advance(100 * DAY);
    app.sweep().await;
    assert_eq!(states(&app.services).await, ["signing"]);
}
