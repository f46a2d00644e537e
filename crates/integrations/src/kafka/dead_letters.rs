//! Where commands go that could not be done: as they came, with the reason beside them.

use std::time::Duration;

use operations::commands::DeadLetter;
use operations::ports::{QueueError, QueuedMessage};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::util::Timeout;

use super::consumer::failed;
use super::heard::Heard;
use super::settings::KafkaSettings;

const REASON: &str = "dead-letter-reason";
const DETAIL: &str = "dead-letter-detail";
/// Longer ones are no ids.
const LONGEST_KEY: usize = 1024;

pub(super) struct DeadLetters {
    producer: FutureProducer<Heard>,
    heard: Heard,
    topic: String,
    timeout: Duration,
}

impl DeadLetters {
    pub(super) fn open(settings: &KafkaSettings, topic: &str) -> Result<Self, QueueError> {
        let mut config = settings.client();
        config
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("linger.ms", "0")
            .set("message.timeout.ms", settings.timeout.as_millis().to_string());
        let heard = Heard::default();
        let producer = config.create_with_context(heard.clone());
        let producer = producer.map_err(|error| failed(&error))?;
        Ok(Self { producer, heard, topic: topic.to_owned(), timeout: settings.timeout })
    }

    /// There for good when this returns.
    pub(super) async fn add(
        &self,
        message: &QueuedMessage,
        why: &DeadLetter,
    ) -> Result<(), QueueError> {
        match self.add_whole(message, why).await {
            Err(error) if is_too_large(&error) => {
                let place = format!(
                    "{}; too large to be kept: offset {} of partition {}, {} bytes",
                    why.detail,
                    message.offset,
                    message.partition,
                    message.value.as_ref().map_or(0, Vec::len),
                );
                let rest = QueuedMessage {
                    key: message.key.clone().filter(|key| key.len() <= LONGEST_KEY),
                    value: None,
                    headers: Vec::new(),
                    ..message.clone()
                };
                let why = DeadLetter { detail: place, ..why.clone() };
                self.add_whole(&rest, &why).await.map_err(|error| self.failed(&error))
            }
            added => added.map_err(|error| self.failed(&error)),
        }
    }

    fn failed(&self, error: &KafkaError) -> QueueError {
        let reason = self.heard.explain(error);
        QueueError(format!("the topic of dead letters, {}: {reason}", self.topic))
    }

    async fn add_whole(&self, message: &QueuedMessage, why: &DeadLetter) -> Result<(), KafkaError> {
        let own = [(REASON, why.reason.as_ref()), (DETAIL, why.detail.as_str())];
        let came = message.headers.iter();
        // One that was set aside before and sent again has those of then.
        let came = came.filter(|(name, _)| ![REASON, DETAIL].contains(&name.as_str()));
        let came = came.map(|(name, value)| (name.as_str(), value.as_deref()));
        let headers = came
            .chain(own.iter().map(|(name, text)| (*name, Some(text.as_bytes()))))
            .fold(OwnedHeaders::new(), |all, (key, value)| all.insert(Header { key, value }));
        let record = FutureRecord::<[u8], [u8]> {
            topic: &self.topic,
            partition: None,
            payload: message.value.as_deref(),
            key: message.key.as_deref(),
            timestamp: None,
            headers: Some(headers),
        };
        let sent = self.producer.send(record, Timeout::After(self.timeout)).await;
        sent.map(drop).map_err(|(error, _)| error)
    }
}

fn is_too_large(error: &KafkaError) -> bool {
    let code = error.rdkafka_error_code();
    code.is_some_and(|code| {
        [RDKafkaErrorCode::MessageSizeTooLarge, RDKafkaErrorCode::InvalidMessageSize]
            .contains(&code)
    })
}
