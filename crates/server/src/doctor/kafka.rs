//! Do the Kafka brokers answer, trusted and knowing us?

use super::finding::Finding;
use crate::config::Kafka;

const CHECK: &str = "kafka";

pub(super) async fn check(kafka: &Kafka) -> Option<Finding> {
    if kafka.brokers.is_empty() {
        return None;
    }
    let mend = "check kafka.brokers, kafka.tls and kafka.sasl_mechanism, and that a broker runs, or \
                leave kafka.brokers empty";
    Some(match answer(kafka).await {
        Ok(says) => Finding::ok(CHECK, says),
        Err(reason) => Finding::problem(CHECK, reason, mend),
    })
}

#[cfg(feature = "kafka")]
async fn answer(kafka: &Kafka) -> Result<String, String> {
    let patience = super::PATIENCE.min(kafka.timeout);
    let settings = crate::ways::kafka(&Kafka { timeout: patience, ..kafka.clone() });
    let slow = std::time::Duration::from_secs(1);
    match tokio::time::timeout(patience + slow, settings.check()).await {
        Ok(says) => says,
        Err(_) => Err("no broker answers".to_owned()),
    }
}

#[cfg(not(feature = "kafka"))]
async fn answer(_: &Kafka) -> Result<String, String> {
    Err("this program was built without Kafka".to_owned())
}
