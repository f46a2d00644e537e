//! The consumer on a real broker.

use std::time::Duration;

use domain::UserId;
use integrations::kafka::{KafkaCommands, KafkaSettings, NewTopic};
use operations::commands::{CommandKind, CommandSettings, Outcome, SIGNATURE, carry_out, consume};
use operations::ports::{CommandQueue, CommandQueues};
use serde_json::{Value, json};
use testkit::{
    App, KafkaMessage, KafkaServer, command_signature, kafka_brokers, kafka_messages,
    kafka_produce, kafka_topic, kafka_topic_settings, kcat,
};
use tokio_util::sync::CancellationToken;

use super::{KEY, billing, event, only};
use crate::support::{events_of, registered};

/// What a test waits for comes soon; this is only for the case that it never comes.
const PATIENCE: Duration = Duration::from_mins(2);

const KEPT: Duration = Duration::from_hours(3 * 24);

testkit::on_every_backend!(App::on =>
    commands_are_done_in_order_and_those_that_cannot_be_are_set_aside,
    who_dies_between_the_transaction_and_the_commit_has_done_it_once,
);

fn commands_of(brokers: &str) -> KafkaCommands {
    let topic = kafka_topic("commands");
    KafkaCommands {
        settings: KafkaSettings {
            brokers: vec![brokers.to_owned()],
            tls: None,
            login: None,
            timeout: Duration::from_secs(10),
        },
        group: topic.clone(),
        dead_letters: format!("{topic}.dead-letters"),
        dead_letters_kept: KEPT,
        topic,
        new_topic: Some(new_topic(1)),
    }
}

fn new_topic(partitions: i32) -> NewTopic {
    NewTopic { partitions, replication: Some(1), is_compacted: false, retention: None }
}

fn produce(kafka: &KafkaCommands, event: &Value) {
    let value = event.to_string();
    let signature = command_signature(&KEY, &value);
    let headers = [("content-type", "application/cloudevents+json"), (SIGNATURE, &signature)];
    kafka_produce(&kafka.settings.brokers[0], &kafka.topic, &headers, &value);
}

/// So that commands about one account are in one partition.
fn produce_under(kafka: &KafkaCommands, key: &str, event: &Value) {
    let value = event.to_string();
    let header = format!("{SIGNATURE}={}", command_signature(&KEY, &value));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("value");
    std::fs::write(&file, &value).expect("written");
    let (brokers, file) = (&kafka.settings.brokers[0], file.display().to_string());
    kcat(&["-P", "-b", brokers, "-t", &kafka.topic, "-k", key, "-H", &header, &file]);
}

fn dead_letters(kafka: &KafkaCommands) -> Vec<KafkaMessage> {
    kafka_messages(&kafka.settings.brokers[0], &kafka.dead_letters)
}

/// Consumes until as many events tell of the user.
async fn consume_until(
    app: &App,
    kafka: &KafkaCommands,
    settings: &CommandSettings,
    (user, count): (UserId, usize),
) {
    let stop = CancellationToken::new();
    let look = async {
        while events_of(app, user).await.len() < count {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stop.cancel();
    };
    let work = consume(&app.services, settings, kafka, stop.cancelled());
    let both = async { tokio::join!(work, look) };
    tokio::time::timeout(PATIENCE, both).await.expect("they are done");
}

async fn commands_are_done_in_order_and_those_that_cannot_be_are_set_aside(app: App) {
    let kafka = commands_of(&kafka_brokers());
    let ann = registered(&app.services, "ann").await.id;
    let nobody = UserId(uuid::Uuid::from_u128(1));
    produce(&kafka, &event(&app, CommandKind::Block, "1", ann, &json!({})));
    produce(&kafka, &event(&app, CommandKind::Block, "2", nobody, &json!({})));
    let forged = event(&app, CommandKind::Delete, "3", ann, &json!({})).to_string();
    let headers = [(SIGNATURE, "v1,AAAA"), ("trace", "abc")];
    kafka_produce(&kafka.settings.brokers[0], &kafka.topic, &headers, &forged);
    produce(&kafka, &event(&app, CommandKind::GrantRole, "4", ann, &json!({ "role": "admin" })));
    // Twice, as producers do.
    for _ in 0..2 {
        produce(&kafka, &event(&app, CommandKind::Unblock, "5", ann, &json!({})));
    }
    let profile = json!({ "first_name": "Ann" });
    produce(&kafka, &event(&app, CommandKind::UpdateProfile, "6", ann, &profile));
    consume_until(&app, &kafka, &only(billing()), (ann, 4)).await;
    let expected = ["user.registered", "user.blocked", "user.unblocked", "user.profile_updated"];
    assert_eq!(events_of(&app, ann).await, expected);

    let letters = dead_letters(&kafka);
    let reasons: Vec<_> =
        letters.iter().map(|letter| letter.header("dead-letter-reason").expect("one")).collect();
    assert_eq!(reasons, ["user_not_found", "signature_wrong", "role_not_allowed"]);
    assert_eq!(letters[1].payload.as_deref(), Some(forged.as_str()), "as it came");
    assert_eq!(letters[1].header("trace"), Some("abc"));
    assert_eq!(letters[1].header(SIGNATURE), Some("v1,AAAA"));
    assert!(letters.iter().all(|letter| letter.header("dead-letter-detail").is_some()));

    // Stopped in good order, all is committed: the next one begins behind it.
    let mut queue = kafka.open().await.expect("opened");
    produce(&kafka, &event(&app, CommandKind::Block, "7", ann, &json!({})));
    let next = tokio::time::timeout(PATIENCE, queue.next()).await.expect("it comes");
    assert_eq!(next.expect("a message").offset, 7);
    queue.close().await;
}

async fn next_done(app: &App, settings: &CommandSettings, queue: &mut dyn CommandQueue) -> Outcome {
    let next = tokio::time::timeout(PATIENCE, queue.next()).await.expect("it comes");
    let message = next.expect("a message");
    carry_out(&app.services, settings, &message).await.expect("no fault").outcome
}

async fn who_dies_between_the_transaction_and_the_commit_has_done_it_once(app: App) {
    let kafka = commands_of(&kafka_brokers());
    let settings = only(billing());
    let ann = registered(&app.services, "ann").await.id;
    produce(&kafka, &event(&app, CommandKind::Block, "1", ann, &json!({})));
    produce(&kafka, &event(&app, CommandKind::Unblock, "2", ann, &json!({})));
    let mut queue = kafka.open().await.expect("opened");
    for _ in 0..2 {
        assert_eq!(next_done(&app, &settings, &mut *queue).await, Outcome::Applied);
    }
    drop(queue);
    let mut queue = kafka.open().await.expect("opened");
    for _ in 0..2 {
        assert_eq!(next_done(&app, &settings, &mut *queue).await, Outcome::Repeated);
    }
    drop(queue);
    // The consumer itself passes over them, and commits.
    produce(&kafka, &event(&app, CommandKind::Block, "3", ann, &json!({})));
    consume_until(&app, &kafka, &settings, (ann, 4)).await;
    let expected = ["user.registered", "user.blocked", "user.unblocked", "user.blocked"];
    assert_eq!(events_of(&app, ann).await, expected);
    assert_eq!(dead_letters(&kafka).len(), 0);
}

/// LIF-06: an erasure does not reach what commands held, so it is not kept for long.
#[tokio::test]
async fn lif_06_letters_are_kept_for_a_while_only() {
    let kafka = commands_of(&kafka_brokers());
    let opened = kafka.open().await.expect("opened");
    let brokers = &kafka.settings.brokers[0];
    let settings = kafka_topic_settings(brokers, &kafka.dead_letters);
    assert!(settings.contains(&"retention.ms=259200000".to_owned()), "{settings:?}");
    assert!(settings.contains(&"segment.ms=86400000".to_owned()), "{settings:?}");
    assert!(kafka_topic_settings(brokers, &kafka.topic).is_empty(), "commands: as brokers are set");
    opened.close().await;
    let kafka = KafkaCommands {
        dead_letters: format!("{}.hours", kafka.dead_letters),
        dead_letters_kept: Duration::from_hours(2),
        ..kafka
    };
    kafka.open().await.expect("opened").close().await;
    let settings = kafka_topic_settings(&kafka_brokers(), &kafka.dead_letters);
    assert!(settings.contains(&"retention.ms=7200000".to_owned()), "{settings:?}");
    assert!(settings.contains(&"segment.ms=7200000".to_owned()), "{settings:?}");
}

/// Anybody who may write to the topic can send it. A letter with all of it would be larger still.
#[tokio::test]
async fn what_is_too_large_to_be_kept_holds_up_nothing() {
    let app = App::on(storage::Backend::Sqlite).await;
    let kafka = commands_of(&kafka_brokers());
    let ann = registered(&app.services, "ann").await.id;
    let large = "x".repeat(999_950);
    kafka_produce(&kafka.settings.brokers[0], &kafka.topic, &[], &large);
    produce(&kafka, &event(&app, CommandKind::Block, "1", ann, &json!({})));
    consume_until(&app, &kafka, &only(billing()), (ann, 2)).await;
    let letters = dead_letters(&kafka);
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].header("dead-letter-reason"), Some("too_large"));
    let detail = letters[0].header("dead-letter-detail").expect("one");
    assert!(detail.contains("offset 0 of partition 0, 999950 bytes"), "{detail}");
    assert_eq!(letters[0].payload, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_comes_back_brings_what_is_left() {
    let app = App::on(storage::Backend::Sqlite).await;
    let mut server = KafkaServer::start().await;
    let kafka = commands_of(&server.brokers());
    let settings = only(billing());
    let ann = registered(&app.services, "ann").await.id;
    let stop = CancellationToken::new();
    let work = consume(&app.services, &settings, &kafka, stop.cancelled());
    let story = async {
        produce(&kafka, &event(&app, CommandKind::Block, "1", ann, &json!({})));
        wait_for(&app, ann, 2).await;
        server.kill();
        tokio::time::sleep(Duration::from_secs(1)).await;
        server.start_again().await;
        produce(&kafka, &event(&app, CommandKind::Unblock, "2", ann, &json!({})));
        wait_for(&app, ann, 3).await;
        stop.cancel();
    };
    let both = async { tokio::join!(work, story) };
    tokio::time::timeout(PATIENCE, both).await.expect("they are done");
    assert_eq!(events_of(&app, ann).await, ["user.registered", "user.blocked", "user.unblocked"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_come_and_go_do_each_command_once_in_its_order() {
    let one = App::on(storage::Backend::Sqlite).await;
    let other = one.beside().await;
    let mut kafka = commands_of(&kafka_brokers());
    kafka.new_topic = Some(new_topic(4));
    let settings = only(billing());
    let mut users = Vec::new();
    for name in ["ann", "ben", "cat", "dan", "eve", "fay"] {
        users.push(registered(&one.services, name).await.id);
    }
    let kinds = [CommandKind::Block, CommandKind::Unblock];
    let produce_round = |round: usize| {
        for user in &users {
            let event =
                event(&one, kinds[round % 2], &format!("{user}-{round}"), *user, &json!({}));
            produce_under(&kafka, &user.to_string(), &event);
        }
    };
    let (stop, stop_other) = (CancellationToken::new(), CancellationToken::new());
    let work = consume(&one.services, &settings, &kafka, stop.cancelled());
    let beside = consume(&other.services, &settings, &kafka, stop_other.cancelled());
    let story = async {
        for round in 0..3 {
            produce_round(round);
        }
        for user in &users {
            wait_for(&one, *user, 4).await;
        }
        stop_other.cancel();
        for round in 3..6 {
            produce_round(round);
        }
        for user in &users {
            wait_for(&one, *user, 7).await;
        }
        stop.cancel();
    };
    let all = async { tokio::join!(work, beside, story) };
    tokio::time::timeout(PATIENCE, all).await.expect("they are done");
    for user in users {
        let told = events_of(&one, user).await;
        let expected = ["user.blocked", "user.unblocked"].into_iter().cycle().take(6);
        assert_eq!(told[1..], expected.collect::<Vec<_>>());
    }
    assert_eq!(dead_letters(&kafka).len(), 0);
}

async fn wait_for(app: &App, user: UserId, count: usize) {
    while events_of(app, user).await.len() < count {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// It is not the broker that is away, and there is no other topic it could be.
#[tokio::test]
async fn a_topic_of_commands_that_is_missing_is_named() {
    let kafka = KafkaCommands { new_topic: None, ..commands_of(&kafka_brokers()) };
    let mut queue = kafka.open().await.expect("opened");
    let error = tokio::time::timeout(PATIENCE, queue.next()).await.expect("an answer");
    let said = error.expect_err("there is none").to_string();
    assert_eq!(said, format!("the topic of commands, {}, is missing", kafka.topic));
}
