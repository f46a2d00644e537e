//! What others find in our messages: the SDK of `CloudEvents`, and whoever looks for secrets.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use operations::events::{CloudEvent, Cursor, EventFilter, list};
use operations::webhooks::{self, NewWebhook};
use serde_json::{Map, Value, json};
use testkit::{
    App, Backend, CloudEventsJudge, HttpServer, KafkaMessage, PASSWORD, kafka_brokers,
    kafka_messages, kafka_topic,
};

use crate::event_schemas::push_every_event;

/// An application that tells two topics and an address of its events.
struct Stage {
    app: App,
    server: HttpServer,
    /// What signs the requests.
    secret: String,
    events: String,
    state: String,
}

impl Stage {
    async fn start(content_mode: &str) -> Self {
        let server = HttpServer::start(&[]);
        let (events, state) = (kafka_topic("judged"), kafka_topic("judged.state"));
        let ca_file = server.ca_file().display().to_string();
        let app = App::with(&[
            ("VESTIBULE_KAFKA__BROKERS", &kafka_brokers()),
            ("VESTIBULE_KAFKA__CONTENT_MODE", content_mode),
            ("VESTIBULE_KAFKA__EVENTS_TOPIC", &events),
            ("VESTIBULE_KAFKA__STATE_TOPIC", &state),
            ("VESTIBULE_WEBHOOKS__CA_FILE", &ca_file),
            ("VESTIBULE_WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8,::1/128"),
        ])
        .start(Backend::Sqlite)
        .await;
        let request = NewWebhook { url: server.url(), types: Vec::new() };
        let operator = app.services.operator();
        let (_, secret) = webhooks::create(&app.services, &operator, &request).await.unwrap();
        Self { app, server, secret: secret.expose(), events, state }
    }

    /// Every event, from the log itself.
    async fn log(&self) -> Vec<CloudEvent> {
        let all = EventFilter::default();
        list(&self.app.services, &all, Cursor::default(), 1000).await.unwrap().events
    }
}

fn messages(topic: &str) -> Vec<KafkaMessage> {
    kafka_messages(&kafka_brokers(), topic)
}

/// What a judge has to find: all but the time, which it reads and writes in another way.
fn expected(event: &CloudEvent) -> (Map<String, Value>, Value) {
    let Value::Object(mut attributes) = serde_json::to_value(event).unwrap() else { panic!() };
    attributes.remove("time").unwrap();
    let data = attributes.remove("data").unwrap();
    (attributes, data)
}

#[track_caller]
fn assert_finds(found: &Value, event: &CloudEvent) {
    let mut attributes =
        found["attributes"].as_object().unwrap_or_else(|| panic!("{found}")).clone();
    let time = attributes.remove("time").unwrap();
    assert!(time.as_str().unwrap().ends_with("+00:00"), "{time}");
    // The SDK's name for the key of a message.
    if let Some(key) = attributes.remove("partitionkey") {
        assert_eq!(key, attributes["subject"]);
    }
    assert_eq!((attributes, found["data"].clone()), expected(event));
}

#[tokio::test]
async fn the_sdk_of_cloud_events_reads_every_event() {
    let judge = CloudEventsJudge::start();
    for content_mode in ["binary", "structured"] {
        let stage = Stage::start(content_mode).await;
        stage.app.register("ann").await;
        let user = stage.app.account("ann").await.id;
        push_every_event(&stage.app, user).await;
        stage.app.relay_events().await;
        let log = stage.log().await;
        let told = messages(&stage.events);
        let requests = stage.server.requests();
        assert_eq!((told.len(), requests.len()), (log.len(), log.len()));
        for ((message, request), event) in told.iter().zip(&requests).zip(&log) {
            assert_finds(&judge.kafka(message), event);
            assert_finds(&judge.http(request), event);
        }
    }
}

/// The judge is one: what is no event is found.
#[tokio::test]
async fn the_sdk_of_cloud_events_finds_what_is_wrong() {
    let stage = Stage::start("structured").await;
    stage.app.register("ann").await;
    stage.app.relay_events().await;
    let judge = CloudEventsJudge::start();
    let good = stage.server.requests().remove(0);
    for (field, wrong) in [
        ("specversion", json!("0.9")),
        ("source", json!("")),
        ("a-b", json!("x")),
        ("type", json!(1)),
    ] {
        let mut event: Value = serde_json::from_str(&good.body).unwrap();
        event[field] = wrong;
        let mut request = good.clone();
        request.body = event.to_string();
        let found = judge.http(&request);
        assert!(found["wrong"].is_string(), "{field}: {found}");
    }
}

/// LOG-06: no secret is in any message, and nothing personal but where it belongs: in the topic of states.
#[tokio::test]
async fn log_06_no_message_tells_a_secret() {
    let stage = Stage::start("binary").await;
    let app = &stage.app;
    let token = app.newcomer("canary").await;
    let ask = app.post("/api/v1/auth/verify/email/send", &json!({})).bearer(&token);
    ask.send().await.expect(202);
    let lost = json!({ "identifier": "canary@example.org" });
    app.post("/api/v1/auth/recover", &lost).send().await.expect(202);
    app.run_jobs().await;
    let new_password = "a staple of another battery";
    let change = json!({
        "password": new_password, "current_password": PASSWORD, "phone": "+15550177777",
        "email": "canary@example.net", "metadata": { "seen": "canary" },
    });
    app.patch("/api/v1/users/current", &change).bearer(&token).send().await.expect(200);
    app.try_sign_in("canary", PASSWORD).await.expect(401);
    let first = app.try_sign_in("canary", new_password).await.expect(200).json();
    let refresh = json!({ "refresh_token": testkit::refresh_token(&first) });
    let next = app.post("/api/v1/auth/refresh", &refresh).send().await.expect(200).json();
    let access = testkit::access_token(&next);
    let body = json!({ "current_password": new_password });
    app.delete("/api/v1/users/current", &body).bearer(&access).send().await.expect(200);
    app.run_jobs().await;
    app.relay_events().await;

    let mut secrets = vec![
        PASSWORD.to_owned(),
        new_password.to_owned(),
        token,
        access,
        testkit::access_token(&first),
        testkit::refresh_token(&first),
        testkit::refresh_token(&next),
        stage.secret.clone(),
        "argon2".to_owned(),
        "192.0.2.1".to_owned(),
    ];
    let mails = app.mailbox.mails();
    secrets.extend(mails.iter().filter_map(testkit::Mail::find_code));
    secrets.extend(mails.iter().filter_map(testkit::Mail::find_token));
    assert!(secrets.len() >= 13, "mails with codes and links were sent: {secrets:?}");
    let told = |messages: Vec<KafkaMessage>| format!("{messages:?}").to_lowercase();
    let (events, states) = (told(messages(&stage.events)), told(messages(&stage.state)));
    let requests = format!("{:?}", stage.server.requests()).to_lowercase();
    for (place, text) in [("events", &events), ("states", &states), ("requests", &requests)] {
        assert!(text.contains("user.") || place == "states", "{place} were told: {text}");
        for secret in &secrets {
            assert!(!text.contains(&secret.to_lowercase()), "{secret} in {place}: {text}");
        }
    }
    for personal in ["canary", "15550177777"] {
        assert!(!events.contains(personal) && !requests.contains(personal), "{personal}");
        assert!(states.contains(personal), "{personal} belongs to the state");
    }
}
