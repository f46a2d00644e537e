//! Addresses that take nothing, or one event not: what waits, what is parked, and when it ends.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use std::time::Duration;

use domain::Refusal;
use operations::Gauges;
use operations::events::{AskReplay, SinkStatus, Standing, forget_stream, replay, skip, status};
use operations::webhooks::{self, ChangeWebhook};
use storage::{Backend, event_leader, event_log, transact};
use testkit::{App, HttpServer, on_every_backend};
use uuid::Uuid;

use crate::webhooks::{app_with, kinds, refusal, webhook};

on_every_backend!(std::future::ready =>
    r_14_what_is_refused_for_long_and_often_is_parked_whoever_leads,
    an_address_that_takes_nothing_for_days_is_paused_and_loses_nothing,
    an_event_that_is_not_taken_is_skipped_and_told_again,
    an_event_is_not_skipped_where_nobody_answers,
    a_replay_that_breaks_is_skipped_and_nothing_that_was_not_tried,
    who_wants_nothing_at_an_address_of_the_past_is_not_paused,
    a_webhook_that_is_paused_is_late_for_nobody_and_a_deleted_one_leaves_nothing,
);

const LONG: Duration = Duration::from_mins(10);
const DAYS: Duration = Duration::from_hours(5 * 24);

async fn told(app: &App) -> SinkStatus {
    status(&app.services, &app.services.operator()).await.unwrap().sinks.remove(0)
}

fn sink(id: Uuid) -> String {
    format!("webhook-{id}")
}

/// Each time another leader.
async fn relay_often(app: &App, times: usize) {
    for _ in 0..times {
        app.relay_events().await;
    }
}

/// As a leader does that dies before it carries anything.
async fn number(app: &App) {
    let store = &app.database.store;
    let numbered: storage::Result<usize> = transact!(store, |tx| {
        let epoch = event_leader::lead(tx, Duration::from_secs(10)).await?.unwrap();
        let count = event_log::number(tx, epoch, 10).await?;
        event_leader::resign(tx, epoch).await?;
        count
    });
    assert_eq!(numbered.unwrap(), 1);
}

async fn r_14_what_is_refused_for_long_and_often_is_parked_whoever_leads(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    webhook(&app, &server, &[]).await;
    app.register("ann").await;
    app.sign_in("ann").await;
    server.answer(422, "what is this?");
    relay_often(&app, 20).await;
    assert_eq!(told(&app).await.dead_letters, 0, "often, but within a moment");
    server.answer(200, "");
    app.relay_events().await;
    let taken = server.requests().len();
    assert_eq!((told(&app).await.lag, taken), (0, 22));

    server.answer(422, "what is this?");
    app.register("bob").await;
    app.sign_in("bob").await;
    app.relay_events().await;
    app.advance(LONG);
    relay_often(&app, 3).await;
    assert_eq!(told(&app).await.dead_letters, 0, "long ago, but not often");
    server.answer(503, "not now");
    relay_often(&app, 5).await;
    server.answer(422, "what is this?");
    relay_often(&app, 3).await;
    assert_eq!(told(&app).await.dead_letters, 0, "what is about the address does not count");
    app.relay_events().await;
    let all = status(&app.services, &app.services.operator()).await.unwrap();
    assert!(all.dead_letters[0].reason.contains("answered 422: what is this?"), "{all:?}");
    let told = &all.sinks[0];
    assert_eq!((told.dead_letters, told.lag), (1, 1), "the next one has its own time");
    assert!(told.failing.is_some(), "nothing was taken");
    server.answer(200, "");
    app.relay_events().await;
    assert_eq!(kinds(&server.requests()).last().unwrap(), "signed_in.v1");
}

async fn an_address_that_takes_nothing_for_days_is_paused_and_loses_nothing(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let id = webhook(&app, &server, &[]).await.id;
    let operator = app.services.operator();
    let paused = async || {
        webhooks::find(&app.services, &operator, id).await.unwrap().paused.map(|(_, why)| why)
    };
    app.register("ann").await;
    server.answer(503, "not now");
    relay_often(&app, 2).await;
    app.advance(DAYS);
    app.relay_events().await;
    assert_eq!(paused().await, None, "it was hardly tried: nobody led meanwhile");
    relay_often(&app, 46).await;
    assert_eq!(paused().await, None);
    app.relay_events().await;
    let why = paused().await.unwrap();
    assert!(why.contains("nothing was taken for 5 days") && why.contains("answered 503"), "{why}");
    app.relay_events().await;
    assert_eq!(server.requests().len(), 50, "paused");

    webhooks::resume(&app.services, &operator, id).await.unwrap();
    app.relay_events().await;
    assert_eq!(paused().await, None, "it is given its time anew");
    server.answer(200, "");
    app.relay_events().await;
    assert_eq!(told(&app).await.lag, 0, "nothing is lost");
}

async fn an_event_that_is_not_taken_is_skipped_and_told_again(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let kind = "vestibule.user.signed_in.v1";
    let id = webhook(&app, &server, &[kind]).await.id;
    let (name, operator) = (sink(id), app.services.operator());
    app.register("ann").await;
    app.sign_in("ann").await;
    app.sign_in("ann").await;
    let skipped = async |sink: &str| skip(&app.services, &operator, sink).await;
    assert_eq!(refusal(skipped("kafka").await), Refusal::StreamNotFound);
    assert_eq!(refusal(skipped(&name).await), Refusal::StreamNotStuck, "nobody tried yet");
    server.answer(500, "this one breaks us");
    app.relay_events().await;
    let letter = skipped(&name).await.unwrap();
    assert_eq!(letter.position, 2, "the first that is wanted");
    assert!(letter.reason.contains("skipped by hand"), "{letter:?}");
    assert_eq!(refusal(skipped(&name).await), Refusal::StreamNotStuck, "once");
    server.answer(200, "");
    app.relay_events().await;
    let now = told(&app).await;
    assert_eq!((now.lag, now.dead_letters, now.failing), (0, 1, None));
    let ids = || -> Vec<String> {
        server.requests().iter().map(|one| one.headers["webhook-id"].clone()).collect()
    };
    assert_eq!(ids().len(), 2);
    replay(&app.services, &operator, AskReplay::default()).await.unwrap();
    app.relay_events().await;
    assert_eq!(ids()[2], ids()[0], "what was skipped");
    assert_eq!(told(&app).await.dead_letters, 0);
}

/// It would be lost to a receiver that never saw it.
async fn an_event_is_not_skipped_where_nobody_answers(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let id = webhook(&app, &server, &[]).await.id;
    let (name, operator) = (sink(id), app.services.operator());
    let moves = async |url: String| {
        let request = ChangeWebhook { url: Some(url), types: None };
        webhooks::change(&app.services, &operator, id, &request).await.unwrap();
    };
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    moves(format!("http://{nobody}/")).await;
    app.register("ann").await;
    app.relay_events().await;
    assert!(told(&app).await.failing.is_some());
    let skipped = async || skip(&app.services, &operator, &name).await;
    assert_eq!(refusal(skipped().await), Refusal::StreamNotStuck);
    moves(server.url()).await;
    server.answer(500, "this one breaks us");
    app.relay_events().await;
    assert_eq!(skipped().await.unwrap().position, 1, "it is answered badly");
}

/// New events wait meanwhile, or none: neither is what the address breaks at.
async fn a_replay_that_breaks_is_skipped_and_nothing_that_was_not_tried(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let id = webhook(&app, &server, &[]).await.id;
    let (name, operator) = (sink(id), app.services.operator());
    app.register("ann").await;
    app.sign_in("ann").await;
    app.sign_in("ann").await;
    app.relay_events().await;
    let skipped = async || skip(&app.services, &operator, &name).await;
    replay(&app.services, &operator, AskReplay::default()).await.unwrap();
    server.answer(500, "this one breaks us");
    app.relay_events().await;
    let letter = skipped().await.unwrap();
    assert_eq!(letter.position, 1, "nothing new waits: {letter:?}");
    app.relay_events().await;
    app.register("bob").await;
    number(&app).await;
    let letter = skipped().await.unwrap();
    assert_eq!(letter.position, 2, "nobody tried what is new: {letter:?}");
    app.relay_events().await;
    let letter = skipped().await.unwrap();
    assert_eq!(letter.position, 4, "by now somebody did: {letter:?}");
    app.relay_events().await;
    let letter = skipped().await.unwrap();
    assert_eq!(letter.position, 3, "the last of the replay: {letter:?}");
    assert_eq!(refusal(skipped().await), Refusal::StreamNotStuck, "once");
    let tried = server.requests().len();
    server.answer(200, "");
    app.relay_events().await;
    assert_eq!(server.requests().len(), tried, "the replay is over");
    let now = told(&app).await;
    assert_eq!((now.lag, now.dead_letters, now.failing), (0, 4, None));
}

/// Its answer is about the address that it had: the new one was not asked.
async fn who_wants_nothing_at_an_address_of_the_past_is_not_paused(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let id = webhook(&app, &server, &[]).await.id;
    let operator = app.services.operator();
    app.register("ann").await;
    server.answer(410, "gone");
    server.delay(Duration::from_secs(1));
    let moves = async {
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let url = Some(format!("{}/new", server.url()));
        let request = ChangeWebhook { url, types: None };
        webhooks::change(&app.services, &operator, id, &request).await.unwrap();
    };
    tokio::join!(app.relay_events(), moves);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(webhooks::find(&app.services, &operator, id).await.unwrap().paused, None);
    server.delay(Duration::ZERO);
    server.answer(200, "");
    app.relay_events().await;
    assert_eq!(server.requests().last().unwrap().path, "/new");
}

async fn a_webhook_that_is_paused_is_late_for_nobody_and_a_deleted_one_leaves_nothing(
    backend: Backend,
) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let id = webhook(&app, &server, &[]).await.id;
    let (name, operator) = (sink(id), app.services.operator());
    let mut gauges = Gauges::default();
    let mut said = async |gauge: &str| -> f64 {
        gauges.observe(&app.services).await;
        let all = app.get("/metrics").send().await.expect(200).text;
        let line = format!("vestibule_events_{gauge}{{sink=\"{name}\"}} ");
        let value = all.lines().find_map(|one| one.strip_prefix(&line)).unwrap();
        value.parse().unwrap()
    };
    app.register("ann").await;
    app.sign_in("ann").await;
    server.answer(503, "not now");
    app.relay_events().await;
    assert_eq!(told(&app).await.standing, Standing::Active);
    assert_eq!((said("lag").await, said("taken").await), (2.0, 0.0));
    skip(&app.services, &operator, &name).await.unwrap();
    assert_eq!((said("lag").await, said("dead_letters").await), (1.0, 1.0));
    webhooks::pause(&app.services, &operator, id).await.unwrap();
    let told = told(&app).await;
    assert!(
        matches!(&told.standing, Standing::Paused { because, .. } if because == "paused by hand")
    );
    assert!(!told.standing.is_given_up());
    assert_eq!((told.lag, told.dead_letters), (1, 1));
    assert_eq!((said("lag").await, said("taken").await, said("paused").await), (0.0, 1.0, 1.0));
    assert_eq!(refusal(forget_stream(&app.services, &operator, &name).await), Refusal::StreamInUse);
    assert_eq!(
        refusal(forget_stream(&app.services, &operator, "kafka").await),
        Refusal::StreamNotFound
    );

    let everything = AskReplay::default();
    assert_eq!(replay(&app.services, &operator, everything).await.unwrap(), 1);
    webhooks::delete(&app.services, &operator, id).await.unwrap();
    let left = status(&app.services, &operator).await.unwrap();
    assert!(left.sinks.is_empty() && left.dead_letters.is_empty(), "{left:?}");
    assert_eq!((said("dead_letters").await, said("paused").await), (0.0, 0.0));
    let mut raw = app.database.connect_again().await.read().await.unwrap();
    let replays = storage::event_replays::count(&mut raw, &name).await.unwrap();
    assert_eq!(replays, 0);
}
