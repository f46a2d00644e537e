//! A topic, written in transactions: a batch is there as a whole or not at all, and who was paused
//! while another took over writes nothing any more (KIP-98: `transactional.id` fences).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use operations::ports::{EventStream, StreamError, StreamMessage};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};
use rdkafka::types::RDKafkaErrorCode::{self, OutOfOrderSequenceNumber};

use super::check::{code_of, explain};
use super::heard::Heard;
use super::settings::KafkaSettings;
use super::topic::NewTopic;

pub struct KafkaStream {
    settings: KafkaSettings,
    topic: String,
    /// Made when it is missing; none leaves that to the operator.
    missing: Option<NewTopic>,
    producer: Mutex<Option<FutureProducer<Heard>>>,
    heard: Heard,
}

impl KafkaStream {
    pub fn new(settings: KafkaSettings, topic: String, missing: Option<NewTopic>) -> Self {
        Self { settings, topic, missing, producer: Mutex::new(None), heard: Heard::default() }
    }

    fn connect(&self) -> Result<FutureProducer<Heard>, StreamError> {
        let mut config = self.settings.client();
        let timeout = self.settings.timeout.as_millis().to_string();
        config
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("transactional.id", format!("vestibule.{}", self.topic))
            .set("message.timeout.ms", &timeout)
            .set("transaction.timeout.ms", &timeout)
            .set("linger.ms", "2")
            .set("batch.num.messages", "10000")
            .set("compression.type", "lz4")
            // The partition that clients in Java would choose for the key.
            .set("partitioner", "murmur2_random");
        Heard::listen(&mut config);
        config.create_with_context(self.heard.clone()).map_err(|error| judge(&error, &self.heard))
    }

    fn producer(&self) -> Result<FutureProducer<Heard>, StreamError> {
        let producer = self.producer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        producer.ok_or_else(|| StreamError::Unreachable("nobody has claimed it".to_owned()))
    }

    /// Answers the one before.
    fn keep(&self, producer: Option<FutureProducer<Heard>>) -> Option<FutureProducer<Heard>> {
        let mut kept = self.producer.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *kept, producer)
    }
}

#[async_trait]
impl EventStream for KafkaStream {
    async fn claim(&self) -> Result<(), StreamError> {
        // What went wrong with the producer before is not always mended with it. Its end waits for
        // brokers.
        let before = self.keep(None);
        self.heard.forget();
        waiting(move || drop(before)).await?;
        let producer = self.connect()?;
        if let Some(missing) = &self.missing {
            let made = missing.ensure(&self.settings, &self.topic, &self.heard).await;
            made.map_err(StreamError::Unreachable)?;
        }
        let timeout = self.settings.timeout;
        let claimed = producer.clone();
        let claimed = waiting(move || claimed.init_transactions(timeout)).await?;
        claimed.map_err(|error| judge(&error, &self.heard))?;
        self.keep(Some(producer));
        Ok(())
    }

    async fn publish(&self, messages: &[StreamMessage]) -> Result<(), StreamError> {
        let outcome = self.publish_once(messages).await;
        if let Err(StreamError::RefusedTogether(_) | StreamError::Refused { .. }) = outcome {
            // The broker misses what it refused before all that this producer would send.
            self.claim().await?;
        }
        outcome
    }
}

impl KafkaStream {
    async fn publish_once(&self, messages: &[StreamMessage]) -> Result<(), StreamError> {
        let producer = self.producer()?;
        producer.begin_transaction().map_err(|error| judge(&error, &self.heard))?;
        match send(&producer, &self.topic, messages, &self.heard) {
            Ok(sent) => settle(&producer, sent, self.settings.timeout, &self.heard).await,
            Err(error) => {
                abort(&producer, self.settings.timeout).await;
                Err(error)
            }
        }
    }
}

fn send(
    producer: &FutureProducer<Heard>,
    topic: &str,
    messages: &[StreamMessage],
    heard: &Heard,
) -> Result<Vec<DeliveryFuture>, StreamError> {
    let send = |(at, message): (usize, &StreamMessage)| {
        let headers = message.headers.iter().fold(
            OwnedHeaders::new_with_capacity(message.headers.len()),
            |headers, (key, value)| headers.insert(Header { key, value: Some(value) }),
        );
        let mut record = FutureRecord::to(topic).key(&message.key).headers(headers);
        if let Some(body) = &message.body {
            record = record.payload(body);
        }
        producer.send_result(record).map_err(|(error, _)| refused(at, &error, heard))
    };
    messages.iter().enumerate().map(send).collect()
}

/// Committed, or why not: what became of single messages tells more than the transaction.
async fn settle(
    producer: &FutureProducer<Heard>,
    sent: Vec<DeliveryFuture>,
    timeout: Duration,
    heard: &Heard,
) -> Result<(), StreamError> {
    let commits = producer.clone();
    let committed = waiting(move || commits.commit_transaction(timeout)).await?;
    let Err(error) = committed else { return Ok(()) };
    let verdict = judge(&error, heard);
    if matches!(verdict, StreamError::Fenced) {
        return Err(verdict);
    }
    // What was not sent yet is given up with the transaction, and answers then.
    abort(producer, timeout).await;
    let fates = join_all(sent).await;
    // Brokers refuse messages by the batch in which they came, whichever of them is meant, and then
    // miss it before those that follow.
    let errors = fates.iter().filter_map(|fate| fate.as_ref().ok()?.as_ref().err());
    let errors = errors.map(|(error, _)| error).chain([&error]);
    let is_refusal = |error: &&KafkaError| {
        let follows = error.rdkafka_error_code() == Some(OutOfOrderSequenceNumber);
        is_about_the_message(error) || (follows && fates.len() > 1)
    };
    let refusal = errors.clone().find(is_refusal).map(explain);
    Err(match refusal {
        Some(reason) if fates.len() == 1 => StreamError::Refused { at: 0, reason },
        Some(reason) => StreamError::RefusedTogether(reason),
        None => verdict,
    })
}

/// When even that fails, whoever claims next ends the transaction.
async fn abort(producer: &FutureProducer<Heard>, timeout: Duration) {
    let producer = producer.clone();
    let aborted = waiting(move || producer.abort_transaction(timeout)).await;
    if let Ok(Err(error)) = aborted {
        tracing::debug!(reason = explain(&error), "a transaction was not aborted");
    }
}

/// librdkafka waits where it is asked.
async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StreamError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| StreamError::Unreachable(error.to_string()))
}

fn refused(at: usize, error: &KafkaError, heard: &Heard) -> StreamError {
    if is_about_the_message(error) {
        StreamError::Refused { at, reason: explain(error) }
    } else {
        judge(error, heard)
    }
}

fn is_about_the_message(error: &KafkaError) -> bool {
    use RDKafkaErrorCode::{
        InvalidMessage, InvalidMessageSize, InvalidRecord, MessageSizeTooLarge,
    };
    let code = error.rdkafka_error_code();
    code.is_some_and(|code| {
        [MessageSizeTooLarge, InvalidMessage, InvalidMessageSize, InvalidRecord].contains(&code)
    })
}

fn judge(error: &KafkaError, heard: &Heard) -> StreamError {
    use RDKafkaErrorCode::{Fenced, InvalidProducerEpoch, ProducerFenced};
    let code = code_of(error);
    if code.is_some_and(|code| [Fenced, InvalidProducerEpoch, ProducerFenced].contains(&code)) {
        StreamError::Fenced
    } else if code.is_none_or(is_about_us) {
        StreamError::Unreachable(heard.explain(error))
    } else {
        StreamError::Unavailable(heard.explain(error))
    }
}

/// Whatever the message: brokers are away or not ready, or do not let us in.
fn is_about_us(code: RDKafkaErrorCode) -> bool {
    use RDKafkaErrorCode as Code;
    matches!(
        code,
        Code::AllBrokersDown
            | Code::Authentication
            | Code::BrokerNotAvailable
            | Code::BrokerTransportFailure
            | Code::ClusterAuthorizationFailed
            | Code::CoordinatorLoadInProgress
            | Code::CoordinatorNotAvailable
            | Code::LeaderNotAvailable
            | Code::MessageTimedOut
            | Code::NotCoordinator
            | Code::NotEnoughReplicas
            | Code::NotEnoughReplicasAfterAppend
            | Code::NotLeaderForPartition
            | Code::OperationTimedOut
            | Code::PurgeInflight
            | Code::PurgeQueue
            | Code::QueueFull
            | Code::RequestTimedOut
            | Code::Resolve
            | Code::SaslAuthenticationFailed
            | Code::State
            | Code::TopicAuthorizationFailed
            | Code::TransactionalIdAuthorizationFailed
            | Code::UnknownTopic
            | Code::UnknownTopicOrPartition
    )
}
