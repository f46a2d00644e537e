//! News of changes between instances, over Redis.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use operations::cache::spread;
use operations::revocations::{Cursor, Revocations, list, wait};
use operations::sessions::{SignOut, SignedIn, sign_out};
use testkit::{App, Backend, RedisServer};

use crate::support::{registered, signed_in};

/// Nobody here follows the log: without Redis, whoever waits would wait so long.
const LONG: Duration = Duration::from_mins(1);

async fn two_instances(redis: &RedisServer) -> (App, App) {
    let url = redis.url();
    let settings = [("VESTIBULE_REDIS__URL", url.as_str()), ("VESTIBULE_LIMITS__STORE", "memory")];
    let here = App::with(&settings).start(Backend::Sqlite).await;
    registered(&here.services, "ann").await;
    let there = here.beside().await;
    (here, there)
}

async fn cursor(app: &App) -> Cursor {
    list(&app.services, &app.stranger(), None).await.expect("the feed").next
}

async fn leave(app: &App, signed_in: &SignedIn) {
    let access = Some(signed_in.tokens.access.token.clone());
    let request = SignOut { access, refresh: None };
    sign_out(&app.services, &app.stranger(), &request).await.expect("signed out");
}

/// Waits there for what ends here. An instance that has only just begun to listen may miss what is
/// told in the same moment, so there is a sign-out now and then.
async fn hears(here: &App, there: &App) -> Revocations {
    let (since, ctx) = (cursor(there).await, there.stranger());
    let leaving = async {
        loop {
            leave(here, &signed_in(&here.services, "ann").await).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let heard = wait(&there.services, &ctx, since, LONG, std::future::pending());
    let both = async {
        tokio::select! {
            heard = heard => heard.expect("the feed"),
            () = leaving => unreachable!("it never ends"),
        }
    };
    let spreading = async {
        tokio::join!(
            spread(&here.services, std::future::pending()),
            spread(&there.services, std::future::pending()),
        )
    };
    let heard = async {
        tokio::select! {
            heard = both => heard,
            _ = spreading => unreachable!("they never end"),
        }
    };
    let heard = tokio::time::timeout(LONG / 2, Box::pin(heard)).await;
    let heard = heard.expect("long before the wait is over");
    assert_ne!(heard.next, since);
    heard
}

#[tokio::test]
async fn what_ends_here_is_heard_there_also_after_redis_was_away() {
    let mut redis = RedisServer::start().await;
    let (here, there) = Box::pin(two_instances(&redis)).await;
    Box::pin(hears(&here, &there)).await;
    redis.kill();
    // Nobody waits for Redis: neither who signs out nor who asks.
    leave(&here, &signed_in(&here.services, "ann").await).await;
    redis.start_again().await;
    Box::pin(hears(&there, &here)).await;
}

#[tokio::test]
async fn a_redis_that_hangs_delays_nobody() {
    let redis = RedisServer::start().await;
    let (here, there) = Box::pin(two_instances(&redis)).await;
    Box::pin(hears(&here, &there)).await;
    redis.hang();
    let session = signed_in(&here.services, "ann").await;
    let since = cursor(&there).await;
    let stop = tokio::time::sleep(Duration::from_millis(300));
    tokio::join!(spread(&here.services, stop), leave(&here, &session));
    let read = list(&there.services, &there.stranger(), Some(since)).await.expect("the feed");
    assert_ne!(read.next, since);
    redis.go_on();
}

#[tokio::test]
async fn without_redis_there_is_nothing_to_do() {
    let app = App::on(Backend::Sqlite).await;
    spread(&app.services, std::future::pending()).await;
}
