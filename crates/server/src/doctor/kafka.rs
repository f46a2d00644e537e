//! Do the Kafka brokers answer, trusted and knowing us, and are the topics there?

use super::finding::Finding;
use crate::config::Kafka;

const CHECK: &str = "kafka";

/// Who answers.
struct Brokers {
    count: usize,
    topics: Vec<String>,
}

pub(super) async fn check(kafka: &Kafka) -> Option<Finding> {
    if kafka.brokers.is_empty() {
        return None;
    }
    let mend = "check kafka.brokers, kafka.tls and kafka.sasl_mechanism, and that a broker runs, or \
                leave kafka.brokers empty";
    Some(match answer(kafka).await {
        Ok(brokers) => judge(kafka, &brokers),
        Err(reason) => Finding::problem(CHECK, reason, mend),
    })
}

fn judge(kafka: &Kafka, brokers: &Brokers) -> Finding {
    let mut missing = wanted(kafka);
    missing.retain(|(_, topic)| !brokers.topics.iter().any(|there| there == topic));
    let says = format!("{} brokers answer, with {} topics", brokers.count, brokers.topics.len());
    if missing.is_empty() {
        return Finding::ok(CHECK, says);
    }
    let missing: Vec<String> =
        missing.iter().map(|(setting, topic)| format!("{topic} ({setting})")).collect();
    let missing = format!("{says}, but there is no {}", missing.join(", no "));
    if kafka.topics.create {
        let mend = "the service makes them when it starts; where it did already, it may not: see its \
                    log, and make them or allow it";
        Finding::warning(CHECK, missing, mend)
    } else {
        let mend =
            "make them, or set kafka.create_topics; where they are there, we may not see them";
        Finding::problem(CHECK, missing, mend)
    }
}

/// Which topics there have to be, and the settings that say so.
fn wanted(kafka: &Kafka) -> Vec<(&'static str, &str)> {
    let mut topics = vec![("kafka.events_topic", kafka.topics.events.as_str())];
    topics.extend(kafka.topics.state.as_deref().map(|topic| ("kafka.state_topic", topic)));
    if let Some(topic) = &kafka.commands.topic {
        topics.push(("kafka.commands_topic", topic));
        topics.push(("kafka.commands_dead_letter_topic", &kafka.commands.dead_letters));
    }
    topics
}

#[cfg(feature = "kafka")]
async fn answer(kafka: &Kafka) -> Result<Brokers, String> {
    let patience = super::PATIENCE.min(kafka.timeout);
    let settings = crate::ways::kafka(&Kafka { timeout: patience, ..kafka.clone() });
    let slow = std::time::Duration::from_secs(1);
    match tokio::time::timeout(patience + slow, settings.check()).await {
        Ok(answered) => {
            let integrations::kafka::Brokers { count, topics } = answered?;
            Ok(Brokers { count, topics })
        }
        Err(_) => Err("no broker answers".to_owned()),
    }
}

#[cfg(not(feature = "kafka"))]
async fn answer(_: &Kafka) -> Result<Brokers, String> {
    Err("this program was built without Kafka".to_owned())
}
