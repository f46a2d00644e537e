//! What is remembered of sessions, and when it is forgotten (SES-07, SES-08, R-41).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{Refusal, TokenDefect, UserId};
use operations::accounts::block;
use operations::cache::Follower;
use operations::sessions::{
    Authenticated, SignOut, authenticate, authenticate_reader, sign_out, sign_out_everywhere,
};
use operations::{Error, Result};
use testkit::{App, Backend, on_every_backend};

use crate::support::{refusal, registered, signed_in};

on_every_backend!(App::on =>
    who_follows_the_log_reads_without_the_database,
    what_changes_here_is_forgotten_at_once,
    what_changes_elsewhere_is_forgotten_when_the_log_is_read,
    a_change_that_commits_late_is_not_skipped,
    who_does_not_follow_the_log_asks_the_database,
);

/// A node that has just read the log, and remembers the session of the token.
struct Node {
    app: App,
    log: Follower,
}

impl Node {
    async fn of(app: App) -> Self {
        let mut node = Self { app, log: Follower::default() };
        node.catch_up().await;
        node
    }

    async fn catch_up(&mut self) {
        self.log.catch_up(&self.app.services).await.expect("the log is read");
    }

    async fn read(&self, token: &SecretToken) -> Result<Authenticated> {
        authenticate_reader(&self.app.services, &self.app.stranger(), token).await
    }

    /// Whether two answers are one piece of memory. On a busy machine a second, for which the log
    /// is trusted, may pass in between: then it is read once more.
    async fn remembers(&mut self, token: &SecretToken) -> bool {
        for _ in 0..20 {
            self.catch_up().await;
            let (one, two) = (self.read(token).await, self.read(token).await);
            let (one, two) = (one.expect("a live session"), two.expect("a live session"));
            if Arc::ptr_eq(&one.user, &two.user) {
                return true;
            }
        }
        false
    }

    async fn remember(&self, token: &SecretToken) {
        self.read(token).await.expect("a live session");
    }
}

async fn newcomer(app: &App) -> (UserId, SecretToken) {
    let user = registered(&app.services, "ann").await;
    (user.id, signed_in(&app.services, "ann").await.tokens.access.token)
}

fn assert_revoked(outcome: Result<Authenticated>) {
    let refusal = refusal(outcome.map(|_| ()));
    assert_eq!(refusal, Refusal::InvalidToken(TokenDefect::Revoked));
}

fn assert_unavailable(outcome: &Result<Authenticated>) {
    assert!(outcome.as_ref().is_err_and(Error::is_unavailable), "{outcome:?}");
}

async fn who_follows_the_log_reads_without_the_database(app: App) {
    let (_, token) = newcomer(&app).await;
    let mut node = Node::of(app).await;
    assert!(node.remembers(&token).await);
    node.app.services.stop().await;
    let asked = authenticate(&node.app.services, &node.app.stranger(), &token).await;
    assert_unavailable(&asked);
}

async fn what_changes_here_is_forgotten_at_once(app: App) {
    let (id, token) = newcomer(&app).await;
    let other = signed_in(&app.services, "ann").await.tokens.access.token;
    let node = Node::of(app).await;
    node.remember(&token).await;
    node.remember(&other).await;
    let (services, ctx) = (&node.app.services, node.app.stranger());
    let request = SignOut { access: Some(token.clone()), refresh: None };
    sign_out(services, &ctx, &request).await.expect("signed out");
    assert_revoked(node.read(&token).await);
    node.remember(&other).await;
    block(services, &services.operator(), id).await.expect("blocked");
    assert_eq!(refusal(node.read(&other).await.map(|_| ())), Refusal::AccountBlocked);
}

async fn what_changes_elsewhere_is_forgotten_when_the_log_is_read(app: App) {
    let (_, token) = newcomer(&app).await;
    let elsewhere = app.beside().await;
    let mut node = Node::of(app).await;
    node.remember(&token).await;
    let who = authenticate(&elsewhere.services, &elsewhere.stranger(), &token).await;
    let who = who.expect("a live session");
    let ctx = who.context(&elsewhere.stranger());
    sign_out_everywhere(&elsewhere.services, &ctx, &who.user).await.expect("signed out");
    let asked = authenticate(&node.app.services, &node.app.stranger(), &token).await;
    assert_revoked(asked);
    node.catch_up().await;
    assert_revoked(node.read(&token).await);
}

/// The event is written before another that commits first.
async fn a_change_that_commits_late_is_not_skipped(app: App) {
    let (id, token) = newcomer(&app).await;
    let mut node = Node::of(app).await;
    node.remember(&token).await;
    let store = node.app.database.connect_again().await;
    let mut tx = store.write().await.expect("a transaction");
    let now = node.app.now();
    let ended = storage::sessions::end_all(&mut tx, id, None, EndReason::SignedOutEverywhere, now);
    assert_eq!(ended.await.expect("ended"), 1);
    push_event(&mut tx, id, now).await;
    // SQLite lets one transaction write at a time.
    if node.app.database.backend != Backend::Sqlite {
        registered(&node.app.services, "bob").await;
    }
    for _ in 0..2 {
        node.catch_up().await;
        node.remember(&token).await;
    }
    tx.commit().await.expect("committed");
    node.catch_up().await;
    assert_revoked(node.read(&token).await);
}

async fn push_event(tx: &mut storage::Tx, user_id: UserId, now: domain::Timestamp) {
    let reason = EndReason::SignedOutEverywhere;
    let new = storage::events::NewEvent {
        id: domain::EventId::new(now, [7; 10]),
        user_id,
        event: &domain::Event::SessionsRevoked { reason, kept: None },
        actor: domain::Actor::System,
        surface: domain::Surface::Native,
        request_id: None,
        address: None,
        agent: None,
        now,
    };
    storage::events::push(tx, &new).await.expect("an event");
}

async fn who_does_not_follow_the_log_asks_the_database(app: App) {
    let (_, token) = newcomer(&app).await;
    let elsewhere = app.beside().await;
    let elsewhere_ctx = elsewhere.stranger();
    let read = || authenticate_reader(&app.services, &elsewhere_ctx, &token);
    read().await.expect("a live session");
    let request = SignOut { access: Some(token.clone()), refresh: None };
    sign_out(&elsewhere.services, &elsewhere_ctx, &request).await.expect("signed out");
    assert_revoked(read().await);
    app.services.stop().await;
    assert_unavailable(&read().await);
}

#[tokio::test]
async fn a_cache_that_is_switched_off_remembers_nothing() {
    let app = App::with(&[("VESTIBULE_CACHE__MAX_MIB", "0")]).start(Backend::Sqlite).await;
    let (_, token) = newcomer(&app).await;
    let mut node = Node::of(app).await;
    assert!(!node.remembers(&token).await);
}

/// security.md §4.6: only reading, only by setting, and never what is known to be over.
#[tokio::test]
async fn relaxed_reading_goes_on_without_the_database() {
    let relaxed = [("VESTIBULE_CACHE__WHEN_DATABASE_IS_DOWN", "relaxed")];
    let app = App::with(&relaxed).start(Backend::Sqlite).await;
    let (_, token) = newcomer(&app).await;
    let over = signed_in(&app.services, "ann").await.tokens.access.token;
    let ctx = app.stranger();
    let read = |token| authenticate_reader(&app.services, &ctx, token);
    for token in [&token, &over] {
        read(token).await.expect("a live session");
    }
    let request = SignOut { access: Some(over.clone()), refresh: None };
    sign_out(&app.services, &ctx, &request).await.expect("signed out");
    read(&token).await.expect("a live session");
    app.services.stop().await;
    read(&token).await.expect("remembered");
    assert_unavailable(&read(&over).await);
    let asked = authenticate(&app.services, &ctx, &token).await;
    assert_unavailable(&asked);
    app.advance(std::time::Duration::from_mins(11));
    let late = authenticate_reader(&app.services, &app.stranger(), &token).await;
    assert_eq!(refusal(late.map(|_| ())), Refusal::InvalidToken(TokenDefect::Expired));
}
