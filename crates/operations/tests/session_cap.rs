//! How many sessions an account may have (SES-12).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::UserId;
use operations::sessions::{SignedIn, list_of, refresh};
use testkit::{App, Backend, PASSWORD};
use tokio::task::JoinSet;

use crate::support::{DAY, events_of, is_dead, refresh_of, registered, signed_in, try_sign_in};

testkit::on_every_backend!(App::on =>
    ses_12_the_twenty_first_sign_in_ends_the_oldest,
    ses_12_forty_sign_ins_at_once_leave_twenty,
);

async fn live(app: &App, id: UserId) -> usize {
    let listed = list_of(&app.services, &app.services.operator(), id).await;
    listed.expect("a list").len()
}

async fn sign_in_times(app: &App, times: usize) -> Vec<SignedIn> {
    let mut opened = Vec::new();
    for _ in 0..times {
        opened.push(signed_in(&app.services, "ann").await);
        app.advance(Duration::from_secs(1));
    }
    opened
}

async fn ses_12_the_twenty_first_sign_in_ends_the_oldest(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    registered(&app.services, "bob").await;
    let bob = signed_in(&app.services, "bob").await;
    let opened = sign_in_times(&app, 20).await;
    // The oldest is the one that was opened first, however lately it was used.
    let first = refresh(&app.services, &app.stranger(), &refresh_of(&opened[0])).await;
    let first = SignedIn { tokens: first.expect("new tokens"), ..opened[0].clone() };
    assert_eq!(live(&app, ann).await, 20);

    let newest = signed_in(&app.services, "ann").await;
    assert_eq!(live(&app, ann).await, 20);
    assert!(is_dead(&app.services, &first).await, "the oldest is over");
    assert!(!is_dead(&app.services, &opened[1]).await, "the others are not");
    assert!(!is_dead(&app.services, &newest).await);
    assert!(!is_dead(&app.services, &bob).await);
    let events = events_of(&app, ann).await;
    assert_eq!(&events[events.len() - 2..], ["session.revoked", "user.signed_in"]);

    // What is over leaves room.
    let request = operations::sessions::SignOut {
        refresh: Some(refresh_of(&newest)),
        ..operations::sessions::SignOut::default()
    };
    let ctx = app.stranger();
    operations::sessions::sign_out(&app.services, &ctx, &request).await.expect("signed out");
    signed_in(&app.services, "ann").await;
    assert!(!is_dead(&app.services, &opened[2]).await);
}

async fn ses_12_forty_sign_ins_at_once_leave_twenty(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let beside = app.beside().await;
    sign_in_times(&app, 5).await;
    let mut rivals = JoinSet::new();
    for number in 0..40 {
        let services = if number % 2 == 0 { &app.services } else { &beside.services };
        let services = std::sync::Arc::clone(services);
        rivals.spawn(async move {
            loop {
                match try_sign_in(&services, "ann", PASSWORD).await {
                    Err(error) if error.is_unavailable() => {}
                    outcome => break outcome,
                }
            }
        });
    }
    while let Some(opened) = rivals.join_next().await {
        opened.expect("no panic").expect("the password is right");
        let count = live(&app, ann).await;
        assert!(count <= 20, "{count} at once");
    }
    assert_eq!(live(&app, ann).await, 20);
    let findings = operations::health::fsck(&app.services).await.expect("findings");
    assert_eq!(findings, storage::consistency::Findings::default());
}

/// The notice comes once a day, in the language of its reader.
#[tokio::test]
async fn the_owner_is_told_once_a_day() {
    let app = App::on(Backend::Sqlite).await;
    registered(&app.services, "ann").await;
    sign_in_times(&app, 20).await;
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails(), []);
    for (hours, expected) in [(0, 1), (12, 1), (13, 2), (0, 2)] {
        app.advance(Duration::from_hours(hours));
        signed_in(&app.services, "ann").await;
        app.run_jobs().await;
        assert_eq!(app.mailbox.mails().len(), expected, "after {hours} hours");
    }
    let mail = app.mailbox.newest_to("ann@example.org");
    assert_eq!(mail.subject, "Your oldest sign-in at Vestibule has ended");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("an account may be: 20."), "{part}");
    }
}

/// Sessions without a refresh token are not counted, and end nothing.
#[tokio::test]
async fn sessions_without_a_refresh_token_do_not_count() {
    let app = App::with(&[("VESTIBULE_SESSIONS__MAX_PER_USER", "2")]).start(Backend::Sqlite).await;
    registered(&app.services, "ann").await;
    let opened = sign_in_times(&app, 2).await;
    let bare = operations::Context {
        policy: std::sync::Arc::new(domain::AccountPolicy {
            refresh: domain::policy::RefreshPolicy::None,
            ..domain::AccountPolicy::native()
        }),
        ..app.stranger()
    };
    for _ in 0..5 {
        let request = operations::sessions::SignIn {
            identifier: domain::Identifier::recognise("ann"),
            password: domain::Password::new(PASSWORD),
        };
        operations::sessions::sign_in(&app.services, &bare, &request).await.expect("signed in");
    }
    assert_eq!(live(&app, opened[0].user.id).await, 7);
    // A lower number holds from the next sign-in on; what is over by time counts no more.
    let stricter = App::with(&[("VESTIBULE_SESSIONS__MAX_PER_USER", "1")]).beside(&app).await;
    let last = signed_in(&stricter.services, "ann").await;
    for session in &opened {
        assert!(is_dead(&app.services, session).await);
    }
    app.advance(DAY * 15);
    signed_in(&stricter.services, "ann").await;
    assert!(is_dead(&app.services, &last).await);
}
