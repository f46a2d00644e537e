//! Events that are not kept for good: forgotten when they are old, and taken by everybody.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use domain::Refusal;
use operations::Error;
use operations::events::{
    AskReplay, Cursor, EventFilter, Start, admit, begin, list, replay, status,
};
use operations::webhooks::{self, NewWebhook};
use serde_json::json;
use testkit::{App, Backend, HttpServer, on_every_backend};

const KEEP: (&str, &str) = ("VESTIBULE_EVENTS__KEEP", "90d");

on_every_backend!(std::future::ready =>
    old_events_are_forgotten_with_their_values,
    what_a_stream_has_not_taken_is_kept,
    what_is_to_be_told_again_is_kept,
    a_reader_under_whom_events_are_forgotten_is_told,
    without_a_limit_nothing_is_forgotten,
);

/// Two accounts, of which one changed; five events.
async fn app_with(backend: Backend, settings: &[(&str, &str)]) -> App {
    let app = App::with(settings).start(backend).await;
    app.register("ann").await;
    app.register("bob").await;
    let token = testkit::access_token(&app.sign_in("ann").await);
    let change = json!({ "first_name": "Ann" });
    app.patch("/api/v1/users/current", &change).bearer(&token).send().await.expect(200);
    app.patch("/api/v1/users/current", &json!({ "last_name": "Lee" })).bearer(&token).send().await;
    app.relay_events().await;
    app
}

/// By a hundred days: all but the fifth event.
async fn make_old(app: &App) {
    let old = "UPDATE events SET recorded_at = recorded_at - 8640000000000 WHERE position <= 4";
    app.database.execute(old).await;
}

async fn kept(app: &App) -> Vec<String> {
    let (services, all) = (&app.services, EventFilter::default());
    let reader = admit(services, &services.operator()).await.unwrap();
    let page = list(services, &reader, &all, Cursor::default(), 100).await.unwrap();
    page.events.into_iter().map(|event| event.sequence.trim_start_matches('0').to_owned()).collect()
}

async fn begins(app: &App, after: &str) -> Result<Option<Cursor>, Refusal> {
    match begin(&app.services, Start::After(after.parse().unwrap())).await {
        Ok(cursor) => Ok(cursor),
        Err(Error::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{error}"),
    }
}

async fn assert_sound(app: &App) {
    let findings = operations::health::fsck(&app.services).await.unwrap();
    assert_eq!(findings, storage::consistency::Findings::default());
}

async fn old_events_are_forgotten_with_their_values(backend: Backend) {
    let app = app_with(backend, &[KEEP]).await;
    assert_eq!(kept(&app).await, ["1", "2", "3", "4", "5"]);
    let values = app.database.count("audit_values").await;
    app.sweep().await;
    assert_eq!(kept(&app).await.len(), 5, "young ones are kept");
    assert_sound(&app).await;
    make_old(&app).await;
    app.sweep().await;
    assert_eq!(kept(&app).await, ["5"]);
    assert!(app.database.count("audit_values").await < values);
    assert_sound(&app).await;

    assert_eq!(begins(&app, "0").await, Ok(Some(Cursor::default())), "with what there is");
    for gone in ["1", "3"] {
        assert_eq!(begins(&app, gone).await, Err(Refusal::EventsForgotten), "{gone}");
    }
    for there in ["4", "5"] {
        assert_eq!(begins(&app, there).await.unwrap(), Some(there.parse().unwrap()));
    }
    app.sign_in("bob").await;
    app.relay_events().await;
    assert_eq!(kept(&app).await, ["5", "6"], "numbers go on");
    assert_sound(&app).await;
}

async fn what_a_stream_has_not_taken_is_kept(backend: Backend) {
    let app = App::with(&[KEEP]).start(backend).await;
    let operator = app.services.operator();
    let request = NewWebhook { url: "https://example.org/".to_owned(), types: Vec::new() };
    let (webhook, _) = webhooks::create(&app.services, &operator, &request).await.unwrap();
    webhooks::pause(&app.services, &operator, webhook.id).await.unwrap();
    app.register("ann").await;
    app.register("bob").await;
    app.relay_events().await;
    make_old(&app).await;
    app.sweep().await;
    assert_eq!(kept(&app).await, ["1", "2"]);
    let held_by = async || status(&app.services, &operator).await.unwrap().held_by;
    assert_eq!(held_by().await, [format!("webhook-{}", webhook.id)], "named by whom");
    webhooks::delete(&app.services, &operator, webhook.id).await.unwrap();
    app.sweep().await;
    assert_eq!((kept(&app).await.len(), held_by().await.len()), (0, 0));
    assert_eq!(begins(&app, "2").await.unwrap(), Some("2".parse().unwrap()), "the end");
    assert_eq!(begins(&app, "1").await, Err(Refusal::EventsForgotten));
    assert_sound(&app).await;
    let all = AskReplay::default();
    assert_eq!(replay(&app.services, &operator, all).await.unwrap(), 0);
    let status = status(&app.services, &operator).await.unwrap();
    assert_eq!((status.head, status.oldest), (2, None));
}

async fn what_is_to_be_told_again_is_kept(backend: Backend) {
    let server = HttpServer::start(&[]);
    let ca_file = server.ca_file().display().to_string();
    let app = App::with(&[
        KEEP,
        ("VESTIBULE_WEBHOOKS__CA_FILE", &ca_file),
        ("VESTIBULE_WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8,::1/128"),
    ]);
    let app = app.start(backend).await;
    let operator = app.services.operator();
    let request = NewWebhook { url: server.url(), types: Vec::new() };
    webhooks::create(&app.services, &operator, &request).await.unwrap();
    app.register("ann").await;
    app.register("bob").await;
    app.relay_events().await;
    assert_eq!(replay(&app.services, &operator, AskReplay::default()).await.unwrap(), 1);
    make_old(&app).await;
    app.sweep().await;
    assert_eq!(kept(&app).await, ["1", "2"]);
    let told = status(&app.services, &operator).await.unwrap();
    assert_eq!(told.held_by, [told.sinks[0].name.clone()], "to whom they are told again");
    app.relay_events().await;
    assert_eq!(server.requests().len(), 4, "both were told again");
    app.sweep().await;
    assert_eq!(kept(&app).await, [""; 0]);
}

/// Whoever goes on reading where events were forgotten meanwhile has missed some.
async fn a_reader_under_whom_events_are_forgotten_is_told(backend: Backend) {
    let app = app_with(backend, &[KEEP]).await;
    let after = begins(&app, "1").await.unwrap().unwrap();
    make_old(&app).await;
    app.sweep().await;
    let reader = admit(&app.services, &app.services.operator()).await.unwrap();
    let all = EventFilter::default();
    let gone = list(&app.services, &reader, &all, after, 10).await;
    assert!(matches!(gone, Err(Error::Refused(Refusal::EventsForgotten))), "{gone:?}");
}

async fn without_a_limit_nothing_is_forgotten(backend: Backend) {
    let app = app_with(backend, &[]).await;
    make_old(&app).await;
    app.sweep().await;
    assert_eq!(kept(&app).await.len(), 5);
}
