//! Topics as they are written: by one writer at a time, who trusts the broker and is known to it.

use std::time::Duration;

use integrations::kafka::{
    KafkaSettings, KafkaStream, KafkaTls, NewTopic, SaslLogin, SaslMechanism,
};
use operations::ports::{EventStream, StreamError, StreamMessage};
use testkit::{Authority, KafkaServer, kafka_brokers, kafka_messages, kafka_topic};

const TOPIC: NewTopic =
    NewTopic { partitions: 3, replication: None, is_compacted: false, retention: None };

fn settings(brokers: &str) -> KafkaSettings {
    KafkaSettings {
        brokers: vec![brokers.to_owned()],
        tls: None,
        login: None,
        timeout: Duration::from_secs(10),
    }
}

fn stream(brokers: &str, topic: &str) -> KafkaStream {
    KafkaStream::new(settings(brokers), topic.to_owned(), Some(TOPIC))
}

fn message(key: &str, body: &str) -> StreamMessage {
    let headers = vec![("ce_id", "1".to_owned())];
    StreamMessage {
        id: "1".to_owned(),
        key: key.to_owned(),
        headers,
        body: Some(body.as_bytes().to_vec()),
    }
}

fn bodies(brokers: &str, topic: &str) -> Vec<String> {
    let messages = kafka_messages(brokers, topic);
    let mut bodies: Vec<String> = messages.into_iter().filter_map(|one| one.payload).collect();
    bodies.sort();
    bodies
}

#[tokio::test]
async fn who_was_paused_while_another_took_over_writes_nothing() {
    let (brokers, topic) = (kafka_brokers(), kafka_topic("fenced"));
    let [paused, successor] = [stream(&brokers, &topic), stream(&brokers, &topic)];
    paused.claim().await.expect("claimed");
    paused.publish(&[message("a", "1")]).await.expect("published");
    successor.claim().await.expect("claimed");
    let late = paused.publish(&[message("a", "late")]).await;
    assert!(matches!(late, Err(StreamError::Fenced)), "{late:?}");
    successor.publish(&[message("a", "2")]).await.expect("published");
    assert_eq!(bodies(&brokers, &topic), ["1", "2"]);
    paused.claim().await.expect("claimed back");
    paused.publish(&[message("a", "3")]).await.expect("published");
    assert_eq!(bodies(&brokers, &topic), ["1", "2", "3"]);
}

/// What does not get smaller by compression.
fn noise(words: u64) -> String {
    let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    let numbers = std::iter::successors(Some(words), next);
    numbers.take(usize::try_from(words).unwrap_or_default()).map(|word| word.to_string()).collect()
}

///
#[tokio::test]
async fn what_is_too_large_is_told_apart_from_what_is_not() {
    let broker = KafkaServer::start_with("message.max.bytes=2000\n").await;
    let (brokers, topic) = (broker.brokers(), "small");
    let stream = stream(&brokers, topic);
    stream.claim().await.expect("claimed");
    for (large, is_told_at_once) in [(noise(300), false), ("x".repeat(2_000_000), true)] {
        let batch = [message("a", "good"), message("a", &large), message("a", "good")];
        let refused = stream.publish(&batch).await;
        let is_expected = match &refused {
            Err(StreamError::Refused { at: 1, .. }) => is_told_at_once,
            // The broker tells of the batch, and which message it was is not known.
            Err(StreamError::RefusedTogether(_)) => !is_told_at_once,
            _ => false,
        };
        assert!(is_expected, "{refused:?}");
        let alone = stream.publish(&batch[1..2]).await;
        assert!(matches!(&alone, Err(StreamError::Refused { at: 0, .. })), "{alone:?}");
        assert!(bodies(&brokers, topic).is_empty(), "all of them or none");
    }
    let rest = [message("a", "good"), message("c", "good")];
    stream.publish(&rest).await.expect("published without a new claim");
    assert_eq!(bodies(&brokers, topic), ["good", "good"]);
}

/// CFG-02.
#[tokio::test]
async fn a_broker_is_trusted_by_its_authority_and_knows_us_by_a_password() {
    let (authority, stranger) = (Authority::default(), Authority::default());
    let certificate = authority.certificate("127.0.0.1");
    let broker = KafkaServer::start_secure(&certificate, "vestibule", "canary-4711").await;
    let secure = |ca: &Authority, password: &str| KafkaSettings {
        tls: Some(KafkaTls { ca_file: Some(ca.file()), identity: None }),
        login: Some(SaslLogin {
            mechanism: SaslMechanism::Plain,
            username: "vestibule".to_owned(),
            password: password.to_owned(),
        }),
        timeout: Duration::from_secs(5),
        ..settings(&broker.secure_brokers())
    };
    let stream = |settings| KafkaStream::new(settings, "secured".to_owned(), Some(TOPIC));
    let known = stream(secure(&authority, "canary-4711"));
    known.claim().await.expect("claimed");
    known.publish(&[message("a", "1")]).await.expect("published");
    assert_eq!(bodies(&broker.brokers(), "secured"), ["1"]);

    let plain = KafkaSettings { tls: None, ..secure(&authority, "canary-4711") };
    for (wrong, why, knows) in [
        (secure(&stranger, "canary-4711"), "untrusted", "certificate"),
        (secure(&authority, "canary-0815"), "a wrong password", "uthentication"),
        (plain, "in clear", "it may want TLS"),
    ] {
        let refused = stream(wrong.clone()).claim().await.expect_err(why);
        assert!(!refused.to_string().contains("canary"), "{why}: {refused}");
        let said = wrong.check().await.expect_err(why);
        assert!(!said.contains("canary"), "{why}: {said}");
        for said in [said, refused.to_string()] {
            assert!(said.contains(knows), "{why}: what librdkafka knows is told: {said}");
        }
    }
    let checked = secure(&authority, "canary-4711").check().await;
    let brokers = checked.expect("they answer");
    assert_eq!((brokers.count, brokers.topics.contains(&"secured".to_owned())), (1, true));
    assert_eq!(bodies(&broker.brokers(), "secured"), ["1"]);
}
