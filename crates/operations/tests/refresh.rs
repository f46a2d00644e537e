//! Refresh tokens under crowds and random lives (SES-01…04, SES-06, SES-17).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod lives;
mod model;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use domain::TokenDefect;
use domain::token::SecretToken;
use operations::Result;
use operations::sessions::{Tokens, refresh};
use testkit::App;
use tokio::task::JoinSet;

use crate::support::{events_of, is_dead, refresh_of, refusal, registered, signed_in};

testkit::on_every_backend!(App::on =>
    ses_03_fifty_uses_of_one_token_leave_one_live_successor,
    ses_04_two_tabs_300_ms_apart_both_live,
    ses_04_a_lost_answer_is_no_reason_to_sign_in_again,
    ses_02_of_twenty_replays_at_once_one_is_told,
    ses_02_the_owner_is_mailed_once_for_each_session_that_a_replay_ended,
    ses_01_what_is_not_authentic_writes_nothing,
    random_lives_go_as_the_model_says,
);

/// The new refresh token; every native session has one.
fn next(tokens: Result<Tokens>) -> SecretToken {
    tokens.expect("new tokens").refresh.expect("a native session").token
}

async fn use_at_once(nodes: [&App; 2], token: &SecretToken, times: usize) -> Vec<Result<Tokens>> {
    let mut rivals = JoinSet::new();
    for number in 0..times {
        let services = Arc::clone(&nodes[number % 2].services);
        let (ctx, token) = (nodes[0].stranger(), token.clone());
        rivals.spawn(async move {
            loop {
                match refresh(&services, &ctx, &token).await {
                    Err(error) if error.is_unavailable() => {}
                    outcome => break outcome,
                }
            }
        });
    }
    rivals.join_all().await
}

async fn ses_03_fifty_uses_of_one_token_leave_one_live_successor(app: App) {
    registered(&app.services, "ann").await;
    let beside = app.beside().await;
    let mut token = refresh_of(&signed_in(&app.services, "ann").await);
    for _ in 0..3 {
        let handed_out = use_at_once([&app, &beside], &token, 50).await;
        let successors: BTreeSet<String> =
            handed_out.into_iter().map(|tokens| next(tokens).reveal().to_owned()).collect();
        assert_eq!(successors.len(), 1, "{successors:?}");
        token = SecretToken::new(successors.into_iter().next().unwrap_or_default());
    }
    next(refresh(&beside.services, &app.stranger(), &token).await);
}

async fn ses_04_two_tabs_300_ms_apart_both_live(app: App) {
    registered(&app.services, "ann").await;
    let beside = app.beside().await;
    let mut token = refresh_of(&signed_in(&app.services, "ann").await);
    for _ in 0..5 {
        app.advance(Duration::from_mins(10));
        let one = next(refresh(&app.services, &app.stranger(), &token).await);
        app.advance(Duration::from_millis(300));
        let two = next(refresh(&beside.services, &app.stranger(), &token).await);
        assert_eq!(one.reveal(), two.reveal(), "both go on with the same one");
        token = one;
    }
}

async fn ses_04_a_lost_answer_is_no_reason_to_sign_in_again(app: App) {
    let ann = registered(&app.services, "ann").await;
    let first = refresh_of(&signed_in(&app.services, "ann").await);
    let lost = next(refresh(&app.services, &app.stranger(), &first).await);
    app.advance(Duration::from_secs(10));
    let again = next(refresh(&app.services, &app.stranger(), &first).await);
    assert_eq!(again.reveal(), lost.reveal());
    // Not once the successor was used: then somebody else has a copy.
    next(refresh(&app.services, &app.stranger(), &again).await);
    refusal(refresh(&app.services, &app.stranger(), &first).await);
    refusal(refresh(&app.services, &app.stranger(), &again).await);
    assert_eq!(
        events_of(&app, ann.id).await.last().map(String::as_str),
        Some("session.refresh_replayed")
    );
}

async fn ses_02_of_twenty_replays_at_once_one_is_told(app: App) {
    let ann = registered(&app.services, "ann").await;
    let beside = app.beside().await;
    let other = signed_in(&app.services, "ann").await;
    let first = refresh_of(&signed_in(&app.services, "ann").await);
    next(refresh(&app.services, &app.stranger(), &first).await);
    app.advance(Duration::from_secs(11));
    for outcome in use_at_once([&app, &beside], &first, 20).await {
        let revoked = domain::Refusal::InvalidToken(TokenDefect::Revoked);
        assert_eq!(refusal(outcome), revoked);
    }
    let events = events_of(&app, ann.id).await;
    let told = events.iter().filter(|name| *name == "session.refresh_replayed").count();
    assert_eq!(told, 1, "{events:?}");
    assert!(!is_dead(&app.services, &other).await, "only this session ends");
}

/// Somebody else holds a copy, and only the owner can say who.
async fn ses_02_the_owner_is_mailed_once_for_each_session_that_a_replay_ended(app: App) {
    registered(&app.services, "ann").await;
    let beside = app.beside().await;
    let told = || {
        let mails = app.mailbox.mails();
        mails.iter().filter(|mail| mail.subject.contains("was ended")).count()
    };
    for sessions in 1..=2 {
        let first = refresh_of(&signed_in(&app.services, "ann").await);
        next(refresh(&app.services, &app.stranger(), &first).await);
        app.run_jobs().await;
        assert_eq!(told(), sessions - 1, "a retransmission is no replay");
        app.advance(Duration::from_secs(11));
        use_at_once([&app, &beside], &first, 5).await;
        refusal(refresh(&app.services, &app.stranger(), &first).await);
        app.run_jobs().await;
        assert_eq!(told(), sessions);
    }
}

/// Neither a row nor a time changes, and nobody is kept waiting, whatever comes.
async fn ses_01_what_is_not_authentic_writes_nothing(app: App) {
    registered(&app.services, "ann").await;
    let token = refresh_of(&signed_in(&app.services, "ann").await);
    let bytes = BASE64URL_NOPAD.decode(token.reveal().as_bytes()).expect("base64url");
    let before = app.database.dump().await;
    app.advance(Duration::from_secs(1));
    // Where there is one writer, it is somebody else.
    let writer = app.database.store.write().await.expect("a transaction");
    for place in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[place] ^= 0x80;
        let forged = SecretToken::new(BASE64URL_NOPAD.encode(&forged));
        refusal(refresh(&app.services, &app.stranger(), &forged).await);
    }
    writer.commit().await.expect("nothing was written");
    let after = app.database.dump().await;
    for table in ["sessions", "events", "users", "jobs"] {
        assert_eq!(format!("{:?}", before.rows(table)), format!("{:?}", after.rows(table)));
    }
    next(refresh(&app.services, &app.stranger(), &token).await);
}

async fn random_lives_go_as_the_model_says(app: App) {
    Box::pin(lives::go_as_the_model_says(app)).await;
}
