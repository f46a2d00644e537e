//! The feed of revocations (SES-07, SES-09).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::session::EndReason;
use domain::{RoleName, SessionId, Timestamp, UserId};
use operations::cache::Follower;
use operations::revocations::{Cursor, Revocation, Revocations, list, wait};
use operations::sessions::{SignOut, SignedIn, sign_out};
use operations::{accounts, roles};
use testkit::{App, Backend, on_every_backend};

use crate::support::{acting, registered, signed_in};

on_every_backend!(App::on =>
    everything_that_is_revoked_is_told_until_it_has_expired,
    a_cursor_tells_what_is_new_and_stays_where_nothing_is,
    what_commits_late_is_told_to_those_who_read_on,
    who_waits_hears_of_it_from_this_instance_and_from_others,
);

/// As long as a native token lives, and a minute on top.
const TOLD_FOR: Duration = Duration::from_mins(11);
const LONG: Duration = Duration::from_secs(30);

async fn read(app: &App, since: Option<Cursor>) -> Revocations {
    list(&app.services, &app.stranger(), since).await.expect("the feed")
}

async fn session_of(app: &App, signed_in: &SignedIn) -> SessionId {
    acting(&app.services, signed_in).await.1
}

async fn leave(app: &App, signed_in: &SignedIn) {
    let access = Some(signed_in.tokens.access.token.clone());
    let request = SignOut { access, refresh: None };
    sign_out(&app.services, &app.stranger(), &request).await.expect("signed out");
}

fn session(session: SessionId, until: Timestamp) -> Revocation {
    Revocation::Session { session, until }
}

async fn everything_that_is_revoked_is_told_until_it_has_expired(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let (one, two) = (signed_in(&app.services, "ann").await, signed_in(&app.services, "ann").await);
    let (one_id, two_id) = (session_of(&app, &one).await, session_of(&app, &two).await);
    assert_eq!(read(&app, None).await.entries, []);
    leave(&app, &one).await;
    let first = session(one_id, app.now() + TOLD_FOR);
    assert_eq!(read(&app, None).await.entries, std::slice::from_ref(&first));

    app.advance(Duration::from_mins(5));
    let operator = app.services.operator();
    let moderator = RoleName::new("moderator");
    roles::grant(&app.services, &operator, ann, &moderator).await.expect("granted");
    accounts::block(&app.services, &operator, ann).await.expect("blocked");
    let second = session(two_id, app.now() + TOLD_FOR);
    // A dialect's tokens live for twelve hours, and which ones the account has nobody knows.
    let before = Timestamp::from_seconds(app.now().as_seconds() + 2);
    let until = app.now() + Duration::from_mins(12 * 60 + 1);
    let third = Revocation::IssuedBefore { user: ann, before, until };
    let (second, third) = (&second, &third);
    for (minutes, expected) in [
        (0, vec![&first, second, third]),
        (6, vec![second, third]),
        (5, vec![third]),
        (710, vec![]),
    ] {
        app.advance(Duration::from_mins(minutes));
        let entries = read(&app, None).await.entries;
        assert_eq!(entries.iter().collect::<Vec<_>>(), expected);
    }
}

async fn a_cursor_tells_what_is_new_and_stays_where_nothing_is(app: App) {
    registered(&app.services, "ann").await;
    let (one, two) = (signed_in(&app.services, "ann").await, signed_in(&app.services, "ann").await);
    let begin = read(&app, None).await.next;
    assert_eq!(read(&app, Some(begin)).await.next, begin);
    let mut since = begin;
    for leaving in [&one, &two] {
        let id = session_of(&app, leaving).await;
        leave(&app, leaving).await;
        let news = read(&app, Some(since)).await;
        let until = app.now() + TOLD_FOR;
        assert!(news.entries.contains(&session(id, until)));
        assert_ne!(news.next, since);
        assert_eq!(read(&app, Some(news.next)).await.next, news.next);
        since = news.next;
    }
    signed_in(&app.services, "ann").await;
    assert_eq!(read(&app, Some(since)).await.next, since, "a sign-in revokes nothing");
}

async fn what_commits_late_is_told_to_those_who_read_on(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    registered(&app.services, "bob").await;
    let anns = signed_in(&app.services, "ann").await;
    let bobs = signed_in(&app.services, "bob").await;
    let id = session_of(&app, &anns).await;
    let store = app.database.connect_again().await;
    let mut tx = store.write().await.expect("a transaction");
    end_all(&mut tx, ann, app.now()).await;
    // SQLite lets one transaction write at a time: there nothing is recorded in between.
    if app.database.backend != Backend::Sqlite {
        leave(&app, &bobs).await;
    }
    let since = read(&app, None).await.next;
    tx.commit().await.expect("committed");
    let news = wait(&app.services, &app.stranger(), since, LONG, std::future::pending()).await;
    let news = news.expect("the feed");
    assert!(news.entries.contains(&session(id, app.now() + TOLD_FOR)));
    assert_ne!(news.next, since);
}

async fn end_all(tx: &mut storage::Tx, user: UserId, now: Timestamp) {
    let reason = EndReason::SignedOutEverywhere;
    storage::sessions::end_all(tx, user, None, reason, now).await.expect("ended");
}

async fn who_waits_hears_of_it_from_this_instance_and_from_others(app: App) {
    registered(&app.services, "ann").await;
    let (one, two) = (signed_in(&app.services, "ann").await, signed_in(&app.services, "ann").await);
    let elsewhere = app.beside().await;
    let ctx = app.stranger();
    let since = read(&app, None).await.next;
    let never = std::future::pending::<()>;
    let (news, ()) =
        tokio::join!(wait(&app.services, &ctx, since, LONG, never()), leave(&app, &one));
    let since = news.expect("the feed").next;

    let mut log = Follower::default();
    log.catch_up(&app.services).await.expect("the log is read");
    let leave_elsewhere = async {
        leave(&elsewhere, &two).await;
        log.catch_up(&app.services).await.expect("the log is read");
    };
    let (news, ()) = tokio::join!(wait(&app.services, &ctx, since, LONG, never()), leave_elsewhere);
    let news = news.expect("the feed");
    assert_ne!(news.next, since);

    let patience = Duration::from_millis(1);
    let nothing = wait(&app.services, &ctx, news.next, patience, never()).await;
    assert_eq!(nothing.expect("the feed").next, news.next);
    let stopped = wait(&app.services, &ctx, news.next, LONG, std::future::ready(())).await;
    assert_eq!(stopped.expect("the feed").next, news.next);
}
