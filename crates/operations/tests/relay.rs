//! Events in Kafka, as a client that is none of ours finds them there.

#![expect(clippy::unwrap_used, reason = "a step that goes wrong fails the case there and then")]

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::Refusal;
use operations::events::{
    AskReplay, LeaderSettings, Standing, forget_stream, relay_due, replay, status,
};
use operations::{Error, accounts};
use serde_json::{Value, json};
use testkit::{
    App, Backend, KafkaMessage, KafkaServer, kafka_brokers, kafka_messages, kafka_topic,
};

/// An application, and the topics of its own.
struct Stage {
    app: App,
    events: String,
    state: String,
}

impl Stage {
    async fn on(backend: Backend) -> Self {
        Self::with(backend, &[]).await
    }

    async fn with(backend: Backend, settings: &[(&str, &str)]) -> Self {
        let (events, state) = (kafka_topic("events"), kafka_topic("state"));
        let brokers = kafka_brokers();
        let mut all = vec![
            ("VESTIBULE_KAFKA__BROKERS", brokers.as_str()),
            ("VESTIBULE_KAFKA__EVENTS_TOPIC", events.as_str()),
            ("VESTIBULE_KAFKA__STATE_TOPIC", state.as_str()),
        ];
        all.extend(settings);
        let app = App::with(&all).start(backend).await;
        Self { app, events, state }
    }

    fn events(&self) -> Vec<KafkaMessage> {
        kafka_messages(&kafka_brokers(), &self.events)
    }

    fn state(&self) -> Vec<KafkaMessage> {
        kafka_messages(&kafka_brokers(), &self.state)
    }
}

macro_rules! on_every_stage {
    ($($case:ident),+ $(,)?) => { testkit::on_every_backend!(Stage::on => $($case),+); };
}

on_every_stage!(
    each_event_arrives_once_under_the_id_of_its_user,
    lif_06_the_newest_state_of_each_account_is_kept_and_goes_with_it,
    what_was_told_is_told_again_under_the_same_ids,
    a_replay_goes_to_whom_it_was_asked_for_and_is_forgotten_afterwards,
    r_05_whoever_is_killed_between_sending_and_marking_loses_nothing,
    r_06_what_commits_late_arrives_behind_what_was_sent_meanwhile,
    a_topic_that_is_set_no_more_is_late_for_nobody_and_is_forgotten,
);

fn names(messages: &[KafkaMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.header("ce_type").unwrap()).collect()
}

async fn each_event_arrives_once_under_the_id_of_its_user(stage: Stage) {
    let app = &stage.app;
    let id = app.register("ann").await["id"].as_str().unwrap().to_owned();
    app.sign_in("ann").await;
    assert_eq!(app.relay_events().await, 4, "each event in two topics");
    assert_eq!(app.relay_events().await, 0);
    let messages = stage.events();
    assert_eq!(names(&messages), ["vestibule.user.registered.v1", "vestibule.user.signed_in.v1"]);
    for (message, version) in messages.iter().zip(1..) {
        assert_eq!(message.key.as_deref(), Some(id.as_str()));
        let header = |name| message.header(name).unwrap();
        assert_eq!(header("ce_subject"), id);
        assert_eq!(header("ce_specversion"), "1.0");
        assert_eq!(header("ce_source"), "http://127.0.0.1:8000");
        assert_eq!(header("ce_time"), app.now().to_rfc3339());
        assert_eq!(header("content-type"), "application/json");
        assert_eq!(header("ce_userversion"), version.to_string());
        assert_eq!(header("ce_sequence"), format!("{version:020}"));
        let data: Value = serde_json::from_str(message.payload.as_deref().unwrap()).unwrap();
        assert!(data.is_object());
    }
    let status = status(&app.services, &app.services.operator()).await.unwrap();
    assert_eq!((status.head, status.unnumbered), (2, 0));
    assert!(status.sinks.iter().all(|sink| sink.lag == 0 && sink.failing.is_none()));
    assert_eq!(status.sinks.len(), 2);
}

async fn lif_06_the_newest_state_of_each_account_is_kept_and_goes_with_it(stage: Stage) {
    let app = &stage.app;
    let id = app.register("ann").await["id"].as_str().unwrap().to_owned();
    app.register("bob").await;
    app.relay_events().await;
    let state = stage.state();
    assert_eq!(state.len(), 2);
    let ann = state.iter().find(|message| message.key.as_deref() == Some(id.as_str())).unwrap();
    let value: Value = serde_json::from_str(ann.payload.as_deref().unwrap()).unwrap();
    assert_eq!((&value["username"], &value["status"]), (&json!("ann"), &json!("active")));
    assert_eq!((&value["email"], &value["roles"]), (&json!("ann@example.org"), &json!(["user"])));
    assert_eq!((&value["userversion"], &value["metadata"]), (&json!(1), &json!({})));
    let secret = ann.payload.as_deref().unwrap().contains("argon2");
    assert!(!secret && value.get("password").is_none(), "LOG-06: {value}");

    let token = app.sign_in("ann").await["access_token"].as_str().unwrap().to_owned();
    let body = json!({ "current_password": testkit::PASSWORD });
    app.delete("/api/v1/users/current", &body).bearer(&token).send().await.expect(200);
    app.relay_events().await;
    app.advance(Duration::from_hours(24 * 31));
    app.run_jobs().await;
    app.relay_events().await;
    let state = stage.state();
    let anns: Vec<_> =
        state.iter().filter(|message| message.key.as_deref() == Some(id.as_str())).collect();
    let deleted: Value =
        serde_json::from_str(anns[anns.len() - 2].payload.as_deref().unwrap()).unwrap();
    assert_eq!(deleted["status"], "deleted");
    assert_eq!(anns.last().unwrap().payload, None, "a tombstone");
    assert!(names(&stage.events()).contains(&"vestibule.user.purged.v1"));
}

async fn what_was_told_is_told_again_under_the_same_ids(stage: Stage) {
    let app = &stage.app;
    let operator = app.services.operator();
    let ask = async |asked| replay(&app.services, &operator, asked).await.unwrap();
    app.register("ann").await;
    app.register("bob").await;
    assert_eq!(ask(AskReplay::default()).await, 0, "nobody was told");
    app.relay_events().await;
    let ann = app.account("ann").await.id;
    assert_eq!(ask(AskReplay { user_id: Some(ann), ..AskReplay::default() }).await, 2);
    app.relay_events().await;
    assert_eq!(ask(AskReplay::default()).await, 2);
    app.relay_events().await;
    let ids = |messages: &[KafkaMessage]| -> Vec<String> {
        messages.iter().map(|message| message.header("ce_id").unwrap().to_owned()).collect()
    };
    let messages = stage.events();
    let mut count: HashMap<String, usize> = HashMap::new();
    for id in ids(&messages) {
        *count.entry(id).or_default() += 1;
    }
    let mut counts: Vec<usize> = count.into_values().collect();
    counts.sort_unstable();
    assert_eq!(counts, [2, 3], "bob's twice, ann's three times");
    let nobody = domain::UserId::new(app.now(), [7; 10]);
    let unknown = replay(
        &app.services,
        &operator,
        AskReplay { user_id: Some(nobody), ..AskReplay::default() },
    );
    assert!(unknown.await.is_err());
    let later = app.now() + Duration::from_hours(1_000_000);
    assert_eq!(ask(AskReplay { since: Some(later), ..AskReplay::default() }).await, 0);
}

async fn a_replay_goes_to_whom_it_was_asked_for_and_is_forgotten_afterwards(stage: Stage) {
    let app = &stage.app;
    let operator = app.services.operator();
    let ask = async |sink: &str| {
        let asked = AskReplay { sink: Some(sink.to_owned()), ..AskReplay::default() };
        replay(&app.services, &operator, asked).await
    };
    app.register("ann").await;
    app.relay_events().await;
    assert_eq!(ask("kafka-state").await.unwrap(), 1);
    app.relay_events().await;
    assert_eq!((stage.events().len(), stage.state().len()), (1, 2));
    assert_eq!(ask("kafka").await.unwrap(), 1);
    app.relay_events().await;
    assert_eq!((stage.events().len(), stage.state().len()), (2, 2));
    for unknown in ["kafka-stat", "", "webhook-0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11"] {
        let refused = ask(unknown).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::StreamNotFound))), "{refused:?}");
    }

    assert_eq!(app.database.count("event_replays").await, 2);
    app.advance(Duration::from_hours(24 * 7 - 1));
    app.sweep().await;
    assert_eq!(app.database.count("event_replays").await, 2, "it can be looked up");
    app.advance(Duration::from_hours(2));
    app.sweep().await;
    assert_eq!(app.database.count("event_replays").await, 0);
}

/// Cut off wherever it happens to be, again and again, while things happen. Nothing is resigned then:
/// the next one waits for the end of the lease.
async fn r_05_whoever_is_killed_between_sending_and_marking_loses_nothing(stage: Stage) {
    const KILLS: u64 = 40;
    let app = &stage.app;
    let settings = LeaderSettings { lease: Duration::from_millis(20), ..LeaderSettings::default() };
    app.register("ann").await;
    app.relay_events().await;
    let ann = app.account("ann").await.id;
    let operator = app.services.operator();
    let mut killed = 0;
    for round in 0..KILLS {
        for is_blocked in [false, true] {
            if is_blocked {
                accounts::unblock(&app.services, &operator, ann).await.unwrap();
            } else {
                accounts::block(&app.services, &operator, ann).await.unwrap();
            }
        }
        if round == KILLS / 2 {
            cut_off_before_marking(&stage, &settings).await;
        }
        let patience = Duration::from_millis(5 + round * 37 % 150);
        let relayed = tokio::time::timeout(patience, relay_due(&app.services, &settings)).await;
        killed += u32::from(relayed.is_err());
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(killed > 0, "nobody was killed");
    // What the last one has asked of the database may still be under way, and give it the lead.
    let is_done = async || {
        app.relay_events().await;
        let told = status(&app.services, &operator).await.unwrap();
        told.unnumbered == 0 && told.sinks.iter().all(|sink| sink.lag == 0)
    };
    let done = async {
        while !is_done().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), done).await.unwrap();

    let messages = stage.events();
    let mut seen = HashSet::new();
    let mut highest = 0;
    for message in &messages {
        let version: i64 = message.header("ce_userversion").unwrap().parse().unwrap();
        let is_new = seen.insert(message.header("ce_id").unwrap().to_owned());
        assert_eq!(is_new, version == highest + 1, "in order, and repeats under the same id");
        highest = highest.max(version);
    }
    let expected = 1 + 2 * i64::try_from(KILLS).unwrap();
    assert!(messages.len() > seen.len(), "nobody was killed between sending and marking");
    assert_eq!(highest, expected, "none is lost");
    assert_eq!(seen.len(), usize::try_from(expected).unwrap());
}

/// That once at least it is there, wherever it happens to be otherwise.
async fn cut_off_before_marking(stage: &Stage, settings: &LeaderSettings) {
    let before = stage.events().len();
    let held = stage.app.database.hold_marks().await;
    while stage.events().len() == before {
        let mut relayed = Box::pin(relay_due(&stage.app.services, settings));
        let look_every = Duration::from_millis(100);
        while tokio::time::timeout(look_every, &mut relayed).await.is_err() {
            if stage.events().len() > before {
                break;
            }
        }
    }
    held.release().await;
}

/// Open since before the others began, and committed when the topic is past its time.
async fn r_06_what_commits_late_arrives_behind_what_was_sent_meanwhile(stage: Stage) {
    let app = &stage.app;
    app.register("ann").await;
    let ann = app.account("ann").await.id;
    app.relay_events().await;
    let store = app.database.connect_again().await;
    let mut late = store.write().await.unwrap();
    let event = storage::events::NewEvent {
        id: domain::EventId::new(app.now(), [0; 10]),
        user_id: ann,
        event: &domain::Event::UserUnblocked,
        actor: domain::Actor::Operator,
        surface: domain::Surface::Operator,
        request_id: None,
        address: None,
        agent: None,
        now: app.now(),
    };
    storage::events::push(&mut late, &event).await.unwrap();
    // SQLite lets one transaction write at a time: there nothing can come in between.
    let is_alone = app.database.backend == Backend::Sqlite;
    if !is_alone {
        app.register("bob").await;
        app.relay_events().await;
        assert_eq!(stage.events().len(), 2, "nobody waits for what is open");
    }
    late.commit().await.unwrap();
    app.relay_events().await;
    let messages = stage.events();
    let mut sent: Vec<(i64, &str)> = messages
        .iter()
        .map(|message| {
            let number = message.header("ce_sequence").unwrap().parse().unwrap();
            (number, message.header("ce_type").unwrap())
        })
        .collect();
    sent.sort_unstable();
    let (registered, unblocked) = ("vestibule.user.registered.v1", "vestibule.user.unblocked.v1");
    let bob = (!is_alone).then_some(registered);
    let expected = std::iter::once(registered).chain(bob).chain([unblocked]);
    assert_eq!(sent, (1..).zip(expected).collect::<Vec<_>>());
    let last = messages.iter().find(|one| one.header("ce_type") == Some(unblocked)).unwrap();
    assert_eq!(last.header("ce_userversion"), Some("2"));
}

async fn a_topic_that_is_set_no_more_is_late_for_nobody_and_is_forgotten(stage: Stage) {
    let app = &stage.app;
    let operator = app.services.operator();
    app.register("ann").await;
    app.relay_events().await;
    let used = forget_stream(&app.services, &operator, "kafka-state").await;
    assert!(matches!(used, Err(Error::Refused(Refusal::StreamInUse))), "{used:?}");
    let without = App::with(&[]).beside(app).await;
    without.register("bob").await;
    without.relay_events().await;
    let told = status(&without.services, &operator).await.unwrap().sinks;
    let told: Vec<_> = told.iter().map(|sink| (&*sink.name, &sink.standing, sink.lag)).collect();
    assert_eq!(told, [("kafka", &Standing::Unset, 1), ("kafka-state", &Standing::Unset, 1)]);
    for sink in ["kafka", "kafka-state"] {
        forget_stream(&without.services, &operator, sink).await.unwrap();
        let unknown = forget_stream(&without.services, &operator, sink).await;
        assert!(matches!(unknown, Err(Error::Refused(Refusal::StreamNotFound))), "{unknown:?}");
    }
    assert!(status(&without.services, &operator).await.unwrap().sinks.is_empty());
    app.relay_events().await;
    assert_eq!(stage.events().len(), 3, "set again, it is told all of them");
}

/// A broker refuses by the batch: many that are small are too much together, and are taken in parts.
#[tokio::test]
async fn what_a_broker_refuses_is_parked_and_nothing_else() {
    let broker = KafkaServer::start_with("message.max.bytes=6000\n").await;
    let brokers = broker.brokers();
    let settings = [
        ("VESTIBULE_KAFKA__BROKERS", brokers.as_str()),
        ("VESTIBULE_KAFKA__PARTITIONS", "1"),
        ("VESTIBULE_KAFKA__STATE_TOPIC", "state"),
    ];
    let app = App::with(&settings).start(Backend::Sqlite).await;
    let mut noise = 1_u64;
    let mut word = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        noise.to_string()
    };
    for number in 0..30 {
        let name = format!("user{number}");
        let token = app.newcomer(&name).await;
        let words = if number == 7 { 600 } else { 20 };
        let metadata =
            json!({ "metadata": { "words": (0..words).map(|_| word()).collect::<Vec<_>>() } });
        app.patch("/api/v1/users/current", &metadata).bearer(&token).send().await.expect(200);
    }
    app.relay_events().await;
    let told = status(&app.services, &app.services.operator()).await.unwrap();
    let parked: Vec<_> = told.dead_letters.iter().map(|letter| letter.sink.as_str()).collect();
    assert_eq!(parked, ["kafka-state"], "{told:?}");
    assert!(told.sinks.iter().all(|sink| sink.lag == 0));
    assert_eq!(kafka_messages(&brokers, "state").len(), 29);
    let events = kafka_messages(&brokers, "vestibule.users.events");
    assert_eq!(events.len(), usize::try_from(told.head).unwrap());
}

/// What belongs to one broker is of no use to the others, so each has one.
#[tokio::test]
async fn structured_events_are_whole() {
    let stage =
        Stage::with(Backend::Sqlite, &[("VESTIBULE_KAFKA__CONTENT_MODE", "structured")]).await;
    let id = stage.app.register("ann").await["id"].as_str().unwrap().to_owned();
    stage.app.relay_events().await;
    let message = stage.events().remove(0);
    let kind = message.header("content-type").unwrap();
    assert_eq!(kind, "application/cloudevents+json; charset=UTF-8");
    assert_eq!(message.headers().count(), 1);
    let event: Value = serde_json::from_str(message.payload.as_deref().unwrap()).unwrap();
    assert_eq!((&event["subject"], &event["specversion"]), (&json!(id), &json!("1.0")));
    assert_eq!(event["type"], "vestibule.user.registered.v1");
}
