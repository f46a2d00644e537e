//! How events flow to an address: what is read and marked together, and what is sent twice when that ends.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use std::collections::HashSet;
use std::time::{Duration, Instant};

use operations::accounts;
use operations::events::{AskReplay, LeaderSettings, SinkStatus, lead, replay, status};
use storage::Backend;
use testkit::{App, HttpServer, on_every_backend};
use tokio::sync::oneshot;

use crate::webhooks::{app_with, webhook};

on_every_backend!(std::future::ready =>
    many_events_cost_few_statements,
    many_events_told_again_cost_few_statements,
    what_was_sent_before_one_that_is_not_taken_is_not_sent_again,
    what_was_sent_is_marked_before_an_instance_stops,
);

const SOME: usize = 40;

/// So many events of one account, none of which was carried.
async fn happen(app: &App, name: &str, count: usize) {
    let operator = app.services.operator();
    app.register(name).await;
    let id = app.account(name).await.id;
    for round in 1..count {
        if round % 2 == 0 {
            accounts::unblock(&app.services, &operator, id).await.unwrap();
        } else {
            accounts::block(&app.services, &operator, id).await.unwrap();
        }
    }
}

async fn told(app: &App) -> SinkStatus {
    status(&app.services, &app.services.operator()).await.unwrap().sinks.remove(0)
}

fn ids(server: &HttpServer) -> Vec<String> {
    server.requests().iter().map(|one| one.headers["webhook-id"].clone()).collect()
}

/// In the order of the log whoever drops repeats sees them.
fn assert_in_order(server: &HttpServer) {
    let mut seen = HashSet::new();
    let requests = server.requests();
    let firsts = requests.iter().filter(|one| seen.insert(one.headers["webhook-id"].clone()));
    let sequence = |body: &str| -> String {
        let event: serde_json::Value = serde_json::from_str(body).unwrap();
        event["sequence"].as_str().unwrap().to_owned()
    };
    let sequences: Vec<_> = firsts.map(|one| sequence(&one.body)).collect();
    assert!(sequences.is_sorted(), "{sequences:?}");
}

async fn requests_reach(server: &HttpServer, count: usize) {
    while server.requests().len() < count {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn many_events_cost_few_statements(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    webhook(&app, &server, &[]).await;
    happen(&app, "ann", SOME).await;
    let (_, steps) = storage::counted(Box::pin(app.relay_events())).await;
    assert_eq!(ids(&server).len(), SOME);
    assert_in_order(&server);
    assert!(steps > 5, "they are counted: {steps}");
    assert!(steps < SOME as u64, "they are read and marked together: {steps}");
    assert_eq!(told(&app).await.lag, 0);
}

async fn many_events_told_again_cost_few_statements(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    webhook(&app, &server, &[]).await;
    happen(&app, "ann", SOME).await;
    app.relay_events().await;
    let operator = app.services.operator();
    assert_eq!(replay(&app.services, &operator, AskReplay::default()).await.unwrap(), 1);
    let (_, steps) = storage::counted(Box::pin(app.relay_events())).await;
    let ids = ids(&server);
    assert_eq!(ids.len(), 2 * SOME);
    assert_eq!(ids[..SOME], ids[SOME..], "the same ones in the same order");
    assert!(steps < SOME as u64, "they are read and marked together: {steps}");
    assert_eq!(told(&app).await.open_replays, 0);
}

async fn what_was_sent_before_one_that_is_not_taken_is_not_sent_again(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    webhook(&app, &server, &[]).await;
    happen(&app, "ann", SOME).await;
    server.delay(Duration::from_millis(20));
    let breaks = async {
        requests_reach(&server, 5).await;
        server.answer(503, "not now");
    };
    tokio::join!(app.relay_events(), breaks);
    let tried = ids(&server).len();
    let lag = usize::try_from(told(&app).await.lag).unwrap();
    assert!((5..SOME).contains(&tried), "it broke in between: {tried}");
    assert_eq!(lag, SOME - (tried - 1), "all but the last are marked");
    server.answer(200, "");
    app.relay_events().await;
    assert_eq!(ids(&server).len(), SOME + 1, "that one twice, no other");
    assert_in_order(&server);
}

async fn what_was_sent_is_marked_before_an_instance_stops(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    webhook(&app, &server, &[]).await;
    happen(&app, "ann", SOME).await;
    server.delay(Duration::from_millis(20));
    let (stop, stopped) = oneshot::channel::<()>();
    let settings = LeaderSettings::default();
    let leading = lead(&app.services, &settings, async {
        stopped.await.unwrap();
    });
    let stops = async {
        requests_reach(&server, 5).await;
        stop.send(()).unwrap();
    };
    tokio::join!(leading, stops);
    assert!(ids(&server).len() < SOME, "it stopped in between");
    app.relay_events().await;
    let all = ids(&server);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), SOME);
    assert!(all.len() <= SOME + 1, "only what was under way is sent twice: {}", all.len());
    assert_in_order(&server);
}

/// Settings change under a relay: the next one begins when it has marked what it sent.
#[tokio::test]
async fn what_was_sent_is_marked_before_other_settings_hold() {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, Backend::Sqlite).await;
    let id = webhook(&app, &server, &[]).await.id;
    happen(&app, "ann", SOME).await;
    server.delay(Duration::from_millis(50));
    let settings =
        LeaderSettings { poll_interval: Duration::from_millis(20), ..LeaderSettings::default() };
    let leading = lead(&app.services, &settings, std::future::pending());
    let operator = app.services.operator();
    let watched = async {
        for count in [5, 10, 15] {
            requests_reach(&server, count).await;
            let overlap = Duration::from_hours(1);
            let rotated = operations::webhooks::rotate(&app.services, &operator, id, overlap).await;
            server.know(&rotated.unwrap().1.expose());
        }
        while told(&app).await.lag > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        () = watched => {}
        () = leading => panic!("nobody asked it to stop"),
    }
    let all = ids(&server);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), SOME);
    assert!(all.len() <= SOME + 3, "only what was under way is sent twice: {}", all.len());
    assert_in_order(&server);
}

/// Pauses grow while nothing is taken, and are short again as soon as something was.
#[tokio::test]
async fn an_address_that_was_back_is_not_waited_for_as_long_as_before() {
    const ATTEMPTS: usize = 4;
    let server = HttpServer::start(&[]);
    let app = app_with(&server, Backend::Sqlite).await;
    webhook(&app, &server, &[]).await;
    let settings = LeaderSettings::default();
    let leading = lead(&app.services, &settings, std::future::pending());
    let watched = async {
        let mut durations = Vec::new();
        for name in ["ann", "bob"] {
            server.answer(503, "not now");
            app.register(name).await;
            let before = server.requests().len();
            requests_reach(&server, before + 1).await;
            let began_at = Instant::now();
            requests_reach(&server, before + ATTEMPTS).await;
            durations.push(began_at.elapsed());
            server.answer(200, "");
            while told(&app).await.lag > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        durations
    };
    let durations = tokio::select! {
        durations = watched => durations,
        () = leading => panic!("nobody asked it to stop"),
    };
    assert!(durations[1] < durations[0] * 3, "{durations:?}");
}
