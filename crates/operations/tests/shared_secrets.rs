//! The secrets that dialects share with other services are set, exchanged and given up
//! (JWT-12, JWT-13, docs/decisions/0044).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::token::SecretToken;
use domain::{KeyId, Refusal, Surface};
use operations::sessions::{SignIn, SignedIn, authenticate, refresh, sign_in};
use operations::tokens::{KeyInfo, KeyState, jwks, list_keys, reload_keys, retire_key};
use operations::{Client, Context, Result};
use testkit::{App, AppBuilder, Backend, PASSWORD, on_every_backend};

use crate::support::{DAY, refresh_of, refusal, registered};

const HOUR: Duration = Duration::from_hours(1);
const ONE: &str = "tM6$kq2!vXz9#Rb4@Wn7&Lp1*Fh8^Jd3+Gs5=Yc0";
const OTHER: &str = "jT5_hR0.yN8-cW3:uQ6~eL1/iO9|sZ4;kX7?bM2";

on_every_backend!(App::on =>
    jwt_12_a_secret_is_exchanged_while_what_it_signed_stays_good,
    jwt_12_what_the_settings_do_not_name_any_more_is_dead_at_once,
    instances_that_get_another_secret_one_by_one_take_each_others_tokens,
    instances_that_start_at_once_make_one_key_of_a_secret,
    a_secret_that_was_replaced_before_is_taken_as_long_as_its_tokens_live,
);

/// The settings of an instance whose dialect signs under `secret`, and signed under `previous`.
fn under(secret: &str, previous: &str) -> AppBuilder {
    App::with(&[
        ("VESTIBULE_DIALECTS__DJOSER__SECRET", secret),
        ("VESTIBULE_DIALECTS__DJOSER__PREVIOUS_SECRET", previous),
    ])
}

fn djoser(app: &App) -> Context {
    app.services.stranger(Surface::Djoser, Client::default(), None)
}

async fn signed_in(app: &App) -> SignedIn {
    let identifier = domain::Identifier::recognise("ann");
    let request = SignIn { identifier, password: domain::Password::new(PASSWORD) };
    sign_in(&app.services, &djoser(app), &request).await.expect("the password is right")
}

async fn accept(app: &App, token: &SecretToken) -> Result<()> {
    authenticate(&app.services, &djoser(app), token).await.map(drop)
}

/// Whether the app takes the tokens, as far as they have not run out.
async fn takes(app: &App, signed_in: &SignedIn) -> bool {
    let access = accept(app, &signed_in.tokens.access.token).await;
    let renewed = refresh(&app.services, &djoser(app), &refresh_of(signed_in)).await;
    if let Ok(renewed) = &renewed {
        accept(app, &renewed.access.token).await.expect("under the secret of now");
    }
    for outcome in [access.as_ref().err(), renewed.as_ref().err()].into_iter().flatten() {
        let is_refused = matches!(outcome, operations::Error::Refused(Refusal::InvalidToken(_)));
        assert!(is_refused, "{outcome:?}");
    }
    if app.now() < signed_in.tokens.access.expires_at {
        assert_eq!(access.is_ok(), renewed.is_ok(), "one key signed both");
    }
    renewed.is_ok()
}

async fn keys(app: &App) -> Vec<KeyInfo> {
    let keys = list_keys(&app.services).await.expect("a list");
    keys.into_iter().filter(|key| key.purpose == "tokens_of_djoser").collect()
}

async fn states(app: &App) -> Vec<&'static str> {
    keys(app).await.iter().map(|key| key.state.as_str()).collect()
}

async fn jwt_12_a_secret_is_exchanged_while_what_it_signed_stays_good(app: App) {
    registered(&app.services, "ann").await;
    let by_deployment = signed_in(&app).await;
    let first = under(ONE, "").beside(&app).await;
    assert!(takes(&first, &by_deployment).await, "from before there was a secret");
    let before = signed_in(&first).await;
    assert_eq!(states(&first).await, ["signing"]);
    app.advance(HOUR);

    let second = under(OTHER, ONE).beside(&app).await;
    assert_eq!(states(&second).await, ["accepted", "signing"]);
    let key = keys(&second).await.remove(0);
    // A refresh token lives for a day.
    assert_eq!(key.state, KeyState::Accepted { until: app.now() + DAY + HOUR });
    assert!(takes(&second, &before).await);
    let after = signed_in(&second).await;
    assert!(takes(&second, &after).await);
    app.advance(22 * HOUR);
    let renewed = refresh(&second.services, &djoser(&second), &refresh_of(&before)).await;
    renewed.expect("it lives for another hour");
    app.advance(3 * HOUR);
    assert_eq!(states(&second).await, ["over", "signing"]);
    // Nothing of any secret is published.
    let published = jwks(&second.services).keys;
    assert!(published.iter().all(|jwk| jwk.common.key_id != Some(key.id.to_string())));
}

async fn jwt_12_what_the_settings_do_not_name_any_more_is_dead_at_once(app: App) {
    registered(&app.services, "ann").await;
    let first = under(ONE, "").beside(&app).await;
    let before = signed_in(&first).await;
    // Exchanged without a word of the one before.
    app.advance(2 * HOUR);
    let second = under(OTHER, "").beside(&app).await;
    let refreshed = refresh(&second.services, &djoser(&second), &refresh_of(&before)).await;
    assert!(matches!(refusal(refreshed), Refusal::InvalidToken(_)));
    let other = signed_in(&second).await;
    assert!(takes(&second, &other).await);
    // Given up: the deployment's key signs again.
    let without = App::with(&[]).beside(&app).await;
    assert!(!takes(&without, &other).await);
    assert_eq!(states(&without).await, ["over", "over"]);
    let after = signed_in(&without).await;
    assert!(takes(&without, &after).await);
    // It comes back under another issuer: what it signed for the first lives its time.
    let issuer = ("VESTIBULE_DIALECTS__DJOSER__ISSUER", "old-service");
    let renamed = App::with(&[("VESTIBULE_DIALECTS__DJOSER__SECRET", OTHER), issuer]);
    let renamed = renamed.beside(&app).await;
    for signed_in in [&other, &signed_in(&renamed).await] {
        assert!(takes(&renamed, signed_in).await);
    }
    assert_eq!(states(&renamed).await, ["over", "accepted", "signing"]);
}

async fn instances_that_get_another_secret_one_by_one_take_each_others_tokens(app: App) {
    registered(&app.services, "ann").await;
    let old = under(ONE, "").beside(&app).await;
    let before = signed_in(&old).await;
    app.advance(Duration::from_secs(5));
    let new = under(OTHER, ONE).beside(&app).await;
    let after = signed_in(&new).await;
    for (node, token) in [(&old, &before), (&old, &after), (&new, &before), (&new, &after)] {
        assert!(takes(node, token).await);
    }
    reload_keys(&old.services).await.expect("read again");
    assert!(takes(&new, &signed_in(&old).await).await, "the old one goes on signing");
    // Nobody restarts for so long: an instance that was forgotten trusts only what it was told.
    app.advance(HOUR);
    assert!(!takes(&old, &signed_in(&new).await).await);
}

async fn instances_that_start_at_once_make_one_key_of_a_secret(app: App) {
    let starts = (0..6).map(|_| under(ONE, OTHER).beside(&app));
    let nodes = futures_util::future::join_all(starts).await;
    registered(&app.services, "ann").await;
    for node in &nodes {
        assert_eq!(states(node).await, ["accepted", "signing"]);
        let signed_in = signed_in(node).await;
        for other in &nodes {
            assert!(takes(other, &signed_in).await);
        }
    }
}

async fn a_secret_that_was_replaced_before_is_taken_as_long_as_its_tokens_live(app: App) {
    registered(&app.services, "ann").await;
    let one = under(ONE, "").beside(&app).await;
    app.advance(HOUR);
    let other = under(OTHER, ONE).beside(&app).await;
    let under_other = signed_in(&other).await;
    app.advance(HOUR);
    // And back again.
    let back = under(ONE, OTHER).beside(&app).await;
    assert_eq!(states(&back).await, ["accepted", "accepted", "signing"]);
    assert!(takes(&back, &under_other).await);
    assert!(takes(&back, &signed_in(&one).await).await);

    // The secret of the settings is exchanged there; one that only was can be given up.
    let [_, second, third] = keys(&back).await.try_into().expect("three keys");
    let operator = back.services.operator();
    let id = |key: &KeyInfo| -> KeyId { key.id };
    let refused = retire_key(&back.services, &operator, id(&third)).await;
    assert_eq!(refusal(refused), Refusal::KeyFromSettings);
    retire_key(&back.services, &operator, id(&second)).await.expect("retired");
    assert!(!takes(&back, &under_other).await);
    let again = under(ONE, OTHER).beside(&app).await;
    assert!(!takes(&again, &under_other).await, "a start makes it no better");
    assert_eq!(states(&again).await, ["accepted", "retired", "signing"]);
}

#[tokio::test]
async fn a_start_with_the_same_settings_makes_no_other_key() {
    let app = App::on(Backend::Sqlite).await;
    assert_eq!(states(&app).await, Vec::<&str>::new());
    let first = under(ONE, "").beside(&app).await;
    assert_eq!(states(&first).await, ["signing"]);
    let again = under(ONE, "").beside(&app).await;
    assert_eq!(keys(&again).await, keys(&first).await);
}
