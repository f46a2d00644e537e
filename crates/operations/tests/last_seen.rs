//! When a session was last used.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::{SessionId, Timestamp};
use operations::sessions::{authenticate_reader, keep_last_seen, write_last_seen};
use testkit::{App, on_every_backend};

use crate::support::{acting, registered, signed_in};

on_every_backend!(App::on => use_is_noted_now_and_then, what_was_noted_is_written_at_the_end);

async fn last_seen(app: &App, id: SessionId) -> Timestamp {
    let mut read = app.database.store.read().await.expect("a connection");
    let session = storage::sessions::find(&mut read, id).await.expect("an answer");
    session.expect("a session").last_seen_at
}

async fn use_is_noted_now_and_then(app: App) {
    registered(&app.services, "ann").await;
    let signed_in = signed_in(&app.services, "ann").await;
    let (_, session, _) = acting(&app.services, &signed_in).await;
    let began = app.now();
    let token = &signed_in.tokens.access.token;
    for (minutes, expected) in [(4, 0), (2, 6), (1, 6)] {
        app.advance(Duration::from_mins(minutes));
        authenticate_reader(&app.services, &app.stranger(), token).await.expect("a live session");
        write_last_seen(&app.services).await.expect("written");
        assert_eq!(last_seen(&app, session).await, began + Duration::from_mins(expected));
    }
}

async fn what_was_noted_is_written_at_the_end(app: App) {
    registered(&app.services, "ann").await;
    let signed_in = signed_in(&app.services, "ann").await;
    app.advance(Duration::from_mins(6));
    let (_, session, _) = acting(&app.services, &signed_in).await;
    keep_last_seen(&app.services, std::future::ready(())).await;
    assert_eq!(last_seen(&app, session).await, app.now());
}
