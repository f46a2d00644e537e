//! Events as signed requests, to a real server that records what it was asked.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Field, Refusal, Rule};
use operations::Error;
use operations::events::{AskReplay, replay, status};
use operations::webhooks::{self, ChangeWebhook, NewWebhook, OVERLAP, Webhook};
use serde_json::Value;
use storage::Backend;
use testkit::{App, HttpServer, RecordedRequest, on_every_backend};
use uuid::Uuid;

on_every_backend!(std::future::ready =>
    events_are_sent_signed_and_in_order,
    a_replay_tells_an_address_nothing_from_before_it_was_made,
    the_secret_before_signs_for_a_day,
    what_an_address_does_not_take_waits,
    who_wants_nothing_any_more_is_paused_and_goes_on_where_it_ended,
    log_02_an_address_that_repeats_its_path_tells_nobody,
    where_events_are_sent_is_changed_and_forgotten,
);

pub(crate) async fn app_with(server: &HttpServer, backend: Backend) -> App {
    let ca_file = server.ca_file().display().to_string();
    let settings = [
        ("VESTIBULE_WEBHOOKS__CA_FILE", ca_file.as_str()),
        ("VESTIBULE_WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8,::1/128"),
    ];
    App::with(&settings).start(backend).await
}

pub(crate) async fn webhook(app: &App, server: &HttpServer, types: &[&str]) -> Webhook {
    let request = NewWebhook {
        url: format!("{}/events", server.url()),
        types: types.iter().map(|name| (*name).to_owned()).collect(),
    };
    let made = webhooks::create(&app.services, &app.services.operator(), &request).await;
    let (webhook, secret) = made.unwrap();
    server.know(&secret.expose());
    webhook
}

pub(crate) fn kinds(requests: &[RecordedRequest]) -> Vec<String> {
    let kind = |request: &RecordedRequest| {
        let event: Value = serde_json::from_str(&request.body).unwrap();
        event["type"].as_str().unwrap().trim_start_matches("vestibule.user.").to_owned()
    };
    requests.iter().map(kind).collect()
}

pub(crate) fn refusal(outcome: Result<impl Sized, Error>) -> Refusal {
    match outcome.err() {
        Some(Error::Refused(refusal)) => refusal,
        other => panic!("no refusal: {other:?}"),
    }
}

async fn events_are_sent_signed_and_in_order(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    app.register("before").await;
    app.relay_events().await;
    let webhook = webhook(&app, &server, &[]).await;
    let some = self::webhook(&app, &server, &["vestibule.user.signed_in.v1"]).await;
    let id = app.register("ann").await["id"].as_str().unwrap().to_owned();
    app.sign_in("ann").await;
    app.relay_events().await;
    app.relay_events().await;
    let requests = server.requests();
    for request in &requests {
        let event: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/events"));
        assert_eq!(request.headers["webhook-id"], event["id"].as_str().unwrap());
        assert_eq!(request.headers["content-type"], "application/cloudevents+json; charset=UTF-8");
        assert_eq!(request.headers["webhook-timestamp"], app.now().as_seconds().to_string());
        assert_eq!(request.signed_by.len(), 1, "its own secret signs, no other");
        assert_eq!(event["subject"], id.as_str());
    }
    let mut by_secret: BTreeMap<&str, Vec<RecordedRequest>> = BTreeMap::new();
    for request in &requests {
        by_secret.entry(&request.signed_by[0]).or_default().push(request.clone());
    }
    let mut told: Vec<Vec<String>> = by_secret.values().map(|requests| kinds(requests)).collect();
    told.sort_by_key(Vec::len);
    let all = vec!["registered.v1".to_owned(), "signed_in.v1".to_owned()];
    assert_eq!(told, [all[1..].to_vec(), all], "in order, and no old one");
    let status = status(&app.services, &app.services.operator()).await.unwrap();
    for webhook in [&webhook, &some] {
        let name = format!("webhook-{}", webhook.id);
        assert_eq!(status.sinks.iter().find(|sink| sink.name == name).unwrap().lag, 0);
    }
}

async fn a_replay_tells_an_address_nothing_from_before_it_was_made(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let operator = app.services.operator();
    app.register("before").await;
    app.relay_events().await;
    let webhook = webhook(&app, &server, &[]).await;
    let sink = format!("webhook-{}", webhook.id);
    let before = app.account("before").await.id;
    let everything = || AskReplay::default();
    let asked = [
        everything(),
        AskReplay { since: Some(domain::Timestamp::from_micros(0)), ..everything() },
        AskReplay { user_id: Some(before), ..everything() },
        AskReplay { sink: Some(sink), ..everything() },
    ];
    for asked in &asked {
        assert_eq!(replay(&app.services, &operator, asked.clone()).await.unwrap(), 0, "{asked:?}");
    }
    app.register("ann").await;
    app.relay_events().await;
    for asked in asked {
        assert_eq!(replay(&app.services, &operator, asked).await.unwrap(), 1);
    }
    app.relay_events().await;
    let ann = app.account("ann").await.id.to_string();
    let requests = server.requests();
    let mut told = requests.iter().map(|one| serde_json::from_str::<Value>(&one.body).unwrap());
    assert!(told.all(|event| event["subject"] == ann.as_str()), "{requests:?}");
    assert_eq!(
        requests.len(),
        4,
        "when it happened, and for each replay but that of somebody else"
    );
}

async fn the_secret_before_signs_for_a_day(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let webhook = webhook(&app, &server, &[]).await;
    let operator = app.services.operator();
    let rotate = async |overlap| {
        let operator = operations::Context { now: app.now(), ..operator.clone() };
        let rotated = webhooks::rotate(&app.services, &operator, webhook.id, overlap).await;
        server.know(&rotated.unwrap().1.expose());
    };
    rotate(OVERLAP).await;
    app.register("ann").await;
    app.relay_events().await;
    app.advance(OVERLAP);
    app.register("bob").await;
    app.relay_events().await;
    rotate(Duration::ZERO).await;
    app.register("cid").await;
    app.relay_events().await;
    let signed: Vec<usize> = server.requests().iter().map(|one| one.signed_by.len()).collect();
    assert_eq!(signed, [2, 1, 1]);
}

async fn what_an_address_does_not_take_waits(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    webhook(&app, &server, &[]).await;
    app.register("ann").await;
    server.answer(503, "not now, canary@example.org");
    app.relay_events().await;
    app.relay_events().await;
    let told = status(&app.services, &app.services.operator()).await.unwrap().sinks.remove(0);
    assert_eq!((told.lag, told.dead_letters), (1, 0));
    let (_, reason) = told.failing.unwrap();
    assert!(reason.contains("answered 503") && !reason.contains("canary"), "{reason}");
    server.answer(200, "");
    app.relay_events().await;
    let ids: Vec<String> =
        server.requests().iter().map(|one| one.headers["webhook-id"].clone()).collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| *id == ids[0]), "the same at every attempt");
    let told = status(&app.services, &app.services.operator()).await.unwrap().sinks.remove(0);
    assert_eq!((told.lag, told.failing), (0, None));
}

async fn who_wants_nothing_any_more_is_paused_and_goes_on_where_it_ended(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let id = webhook(&app, &server, &[]).await.id;
    let operator = app.services.operator();
    app.register("ann").await;
    server.answer(410, "gone");
    app.relay_events().await;
    app.relay_events().await;
    assert_eq!(server.requests().len(), 1, "paused");
    let (_, because) = webhooks::find(&app.services, &operator, id).await.unwrap().paused.unwrap();
    assert!(because.contains("answered 410"), "{because}");
    server.answer(200, "");
    let resumed = webhooks::resume(&app.services, &operator, id).await.unwrap();
    assert_eq!(resumed.paused, None);
    app.relay_events().await;
    webhooks::pause(&app.services, &operator, id).await.unwrap();
    app.register("bob").await;
    app.relay_events().await;
    assert_eq!(server.requests().len(), 2);
    webhooks::resume(&app.services, &operator, id).await.unwrap();
    app.relay_events().await;
    assert_eq!(kinds(&server.requests()), ["registered.v1"; 3]);
}

/// What stands behind the host of an address may be a secret, and frameworks repeat it.
async fn log_02_an_address_that_repeats_its_path_tells_nobody(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let url = format!("{}/hooks/canary?key=canary-two", server.url());
    let request = NewWebhook { url, types: Vec::new() };
    let operator = app.services.operator();
    webhooks::create(&app.services, &operator, &request).await.unwrap();
    server.answer(404, r#"{"status":404,"path":"/hooks/canary","query":"key=canary-two"}"#);
    app.register("ann").await;
    app.relay_events().await;
    let status = status(&app.services, &operator).await.unwrap();
    let (_, reason) = status.sinks[0].failing.clone().unwrap();
    assert!(reason.contains("answered 404") && !reason.contains("canary"), "{reason}");
}

async fn where_events_are_sent_is_changed_and_forgotten(backend: Backend) {
    let (server, other) = (HttpServer::start(&[]), HttpServer::start(&[]));
    let app = app_with(&server, backend).await;
    let webhook = webhook(&app, &server, &[]).await;
    let operator = app.services.operator();
    let types = Some(vec!["vestibule.user.signed_in.v1".to_owned()]);
    let request = ChangeWebhook { url: Some(format!("{}/new", server.url())), types };
    let changed = webhooks::change(&app.services, &operator, webhook.id, &request).await.unwrap();
    assert_eq!(changed.types, ["vestibule.user.signed_in.v1"]);
    app.register("ann").await;
    app.sign_in("ann").await;
    app.relay_events().await;
    assert_eq!(server.requests().remove(0).path, "/new");
    assert_eq!(server.requests().len(), 1);
    assert!(other.requests().is_empty());
    assert_eq!(webhooks::list(&app.services, &operator).await.unwrap(), [changed]);

    webhooks::delete(&app.services, &operator, webhook.id).await.unwrap();
    app.sign_in("ann").await;
    app.relay_events().await;
    assert_eq!(server.requests().len(), 1);
    assert!(status(&app.services, &operator).await.unwrap().sinks.is_empty());
    let nobody = Uuid::nil();
    for refused in [
        refusal(webhooks::delete(&app.services, &operator, webhook.id).await),
        refusal(webhooks::find(&app.services, &operator, nobody).await),
        refusal(webhooks::pause(&app.services, &operator, nobody).await),
        refusal(webhooks::resume(&app.services, &operator, nobody).await),
        refusal(webhooks::rotate(&app.services, &operator, nobody, OVERLAP).await),
        refusal(
            webhooks::change(&app.services, &operator, nobody, &ChangeWebhook::default()).await,
        ),
    ] {
        assert_eq!(refused, Refusal::WebhookNotFound);
    }
}

/// Whoever may name an address would else look into this network (API7:2023).
#[tokio::test]
async fn addresses_that_are_not_public_are_sent_nothing() {
    let server = HttpServer::start(&[]);
    let ca_file = server.ca_file().display().to_string();
    let app = App::with(&[("VESTIBULE_WEBHOOKS__CA_FILE", &ca_file)]).start(Backend::Sqlite).await;
    let operator = app.services.operator();
    let create = async |url: &str, types: &[&str]| {
        let types = types.iter().map(|name| (*name).to_owned()).collect();
        let request = NewWebhook { url: url.to_owned(), types };
        webhooks::create(&app.services, &operator, &request).await
    };
    for (url, why) in [
        ("https://127.0.0.1/", "not public"),
        ("https://127.1/", "not public"),
        ("https://0x7f000001/", "not public"),
        ("https://10.0.0.1/", "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://100.64.0.1/", "not public"),
        ("https://[::1]/", "not public"),
        ("https://[fd00::1]/", "not public"),
        ("https://[::ffff:10.0.0.1]/", "not public"),
        ("https://[64:ff9b::a00:1]/", "not public"),
        ("https://[::ffff:0:10.0.0.1]/", "not public"),
        ("https://[::10.0.0.1]/", "not public"),
        ("https://[fe80::1]/", "not public"),
        ("https://[2002:a00:1::]/", "not public"),
        ("http://example.org/", "begin with https"),
        ("http://93.184.216.34/", "begin with https"),
        ("ftp://example.org/", "not a URL"),
        ("example.org", "not a URL"),
        ("https://user:canary@example.org/", "user or a fragment"),
        ("https://example.org/#here", "user or a fragment"),
    ] {
        let Refusal::Invalid(errors) = refusal(create(url, &[]).await) else {
            panic!("{url}");
        };
        let rule = &errors[0].rule;
        assert!(matches!(rule, Rule::NoWebhook(said) if said.contains(why)), "{url}: {rule:?}");
        assert_eq!(errors[0].field, Field::WebhookUrl);
    }
    let Refusal::Invalid(errors) = refusal(create("https://example.org", &["user.made"]).await)
    else {
        panic!("an unknown type");
    };
    assert_eq!(errors[0].rule, Rule::UnknownEventType("user.made".to_owned()));
    assert!(webhooks::list(&app.services, &operator).await.unwrap().is_empty());

    // A name is looked up when it is used, and then leads here.
    create(&server.url(), &[]).await.unwrap();
    app.register("ann").await;
    app.relay_events().await;
    let told = status(&app.services, &operator).await.unwrap().sinks.remove(0);
    assert_eq!(told.lag, 1);
    assert!(server.requests().is_empty());
    let (_, reason) = told.failing.unwrap();
    assert!(reason.contains("no public address"), "{reason}");
}
