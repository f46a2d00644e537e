//! Commands of other services from a topic: each instance of the group reads partitions of its own.
//!
//! Nothing is committed by itself: an offset is stored when its message was dealt with, and stored
//! offsets are committed soon after. Whoever dies in between gets messages again that were dealt with.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use operations::commands::DeadLetter;
use operations::ports::{CommandQueue, CommandQueues, QueueError, QueuedMessage};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{
    BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance, StreamConsumer,
};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::types::RDKafkaErrorCode;
use tokio::time::Instant;

use super::check::explain;
use super::dead_letters::DeadLetters;
use super::heard::{self, Heard};
use super::settings::KafkaSettings;
use super::topic::NewTopic;

/// So much is told again at most when an instance dies.
const MOST_STORED: u32 = 100;
const COMMIT_EVERY: Duration = Duration::from_secs(1);
/// Who is silent for so long is dead, and others read on in his place.
const SESSION: Duration = Duration::from_secs(10);
/// That brokers do not answer is said so often.
const TOLD_EVERY: Duration = Duration::from_mins(1);
/// For the last words of whoever leaves.
const LAST_COMMIT: Duration = Duration::from_secs(5);

/// How commands are read, and where those go that cannot be done.
#[derive(Clone)]
pub struct KafkaCommands {
    pub settings: KafkaSettings,
    pub topic: String,
    pub group: String,
    pub dead_letters: String,
    /// How long that topic keeps them, where it is made here.
    pub dead_letters_kept: Duration,
    /// None: topics that are missing are waited for.
    pub new_topic: Option<NewTopic>,
}

#[async_trait]
impl CommandQueues for KafkaCommands {
    async fn open(&self) -> Result<Box<dyn CommandQueue>, QueueError> {
        let (retention, heard) = (Some(self.dead_letters_kept), Heard::default());
        for (topic, retention) in [(&self.topic, None), (&self.dead_letters, retention)] {
            let Some(new) = &self.new_topic else { break };
            let new = NewTopic { retention, ..new.clone() };
            if let Err(reason) = new.ensure(&self.settings, topic, &heard).await {
                tracing::warn!(topic, reason, "whether the topic is there will be seen");
            }
        }
        let dead_letters = DeadLetters::open(&self.settings, &self.dead_letters)?;
        let mut config = self.settings.client();
        config
            .set("group.id", &self.group)
            .set("session.timeout.ms", SESSION.as_millis().to_string())
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            // Commands from before the group was there are commands.
            .set("auto.offset.reset", "earliest");
        let consumer: StreamConsumer<Watch> =
            config.create_with_context(Watch::default()).map_err(|error| failed(&error))?;
        consumer.subscribe(&[&self.topic]).map_err(|error| failed(&error))?;
        Ok(Box::new(Queue {
            topic: self.topic.clone(),
            consumer: Some(Arc::new(consumer)),
            dead_letters,
            stored: 0,
            committed_at: Instant::now(),
        }))
    }
}

struct Queue {
    topic: String,
    /// None when it is closed.
    consumer: Option<Arc<StreamConsumer<Watch>>>,
    dead_letters: DeadLetters,
    /// Offsets that are not committed.
    stored: u32,
    committed_at: Instant,
}

#[async_trait]
impl CommandQueue for Queue {
    async fn next(&mut self) -> Result<QueuedMessage, QueueError> {
        loop {
            let consumer = self.consumer()?;
            let due = self.committed_at + COMMIT_EVERY;
            let received = tokio::select! {
                received = consumer.recv() => received,
                () = tokio::time::sleep_until(due), if self.stored > 0 => {
                    self.commit();
                    continue;
                }
            };
            let message = match received {
                Ok(message) => message,
                // librdkafka goes on by itself, as who it was. Another one in our place would have to
                // wait until the group has given us up.
                Err(error) if passes(&error) => continue,
                Err(error) => return Err(self.describe(&error)),
            };
            consumer.context().is_well();
            return Ok(owned(&message));
        }
    }

    async fn set_aside(
        &mut self,
        message: &QueuedMessage,
        why: &DeadLetter,
    ) -> Result<(), QueueError> {
        self.dead_letters.add(message, why).await
    }

    async fn done(&mut self, message: &QueuedMessage) -> Result<(), QueueError> {
        let QueuedMessage { topic, partition, offset, .. } = message;
        if let Err(error) = self.consumer()?.store_offset(topic, *partition, *offset) {
            // Somebody else reads the partition by now; he finds it done.
            tracing::debug!(reason = explain(&error), "an offset is another instance's");
            return Ok(());
        }
        self.stored += 1;
        if self.stored >= MOST_STORED || self.committed_at.elapsed() >= COMMIT_EVERY {
            self.commit();
        }
        Ok(())
    }

    async fn close(mut self: Box<Self>) {
        let Some(consumer) = self.consumer.take() else { return };
        // Both wait for brokers.
        let last = tokio::task::spawn_blocking(move || {
            if let Err(error) = consumer.commit_consumer_state(CommitMode::Sync) {
                tracing::debug!(reason = explain(&error), "nothing was committed at the end");
            }
        });
        if tokio::time::timeout(LAST_COMMIT, last).await.is_err() {
            tracing::warn!("what was done last may come once more: brokers do not answer");
        }
    }
}

impl Queue {
    /// What does not pass by itself, and whom it is about.
    fn describe(&self, error: &KafkaError) -> QueueError {
        use RDKafkaErrorCode::{
            GroupAuthorizationFailed, TopicAuthorizationFailed, UnknownTopic,
            UnknownTopicOrPartition,
        };
        let topic = &self.topic;
        QueueError(match error.rdkafka_error_code() {
            Some(UnknownTopic | UnknownTopicOrPartition) => {
                format!("the topic of commands, {topic}, is missing")
            }
            Some(code @ (TopicAuthorizationFailed | GroupAuthorizationFailed)) => {
                format!("the topic of commands, {topic}, may not be read: {code}")
            }
            Some(_) | None => format!("the topic of commands, {topic}: {}", explain(error)),
        })
    }

    fn consumer(&self) -> Result<Arc<StreamConsumer<Watch>>, QueueError> {
        self.consumer.clone().ok_or_else(|| QueueError("the queue is closed".to_owned()))
    }

    /// Without waiting: what is not committed is told again, and found done.
    fn commit(&mut self) {
        self.stored = 0;
        self.committed_at = Instant::now();
        let Some(consumer) = &self.consumer else { return };
        if let Err(error) = consumer.commit_consumer_state(CommitMode::Async) {
            tracing::debug!(reason = explain(&error), "offsets were not committed");
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        let Some(consumer) = self.consumer.take() else { return };
        // Leaving the group waits for brokers.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || drop(consumer))),
            Err(_) => drop(consumer),
        }
    }
}

/// Hears what librdkafka tells beside messages.
#[derive(Default)]
struct Watch {
    heard: Heard,
    /// When it was told last that brokers do not answer.
    told_at: Mutex<Option<Instant>>,
}

impl Watch {
    fn is_well(&self) {
        self.heard.forget();
        *self.told_at.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ClientContext for Watch {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, line: &str) {
        heard::log(facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.heard.hear(&error, reason);
        // What does not pass is told by whoever waits for messages.
        if !passes(&error) {
            return;
        }
        let mut told_at = self.told_at.lock().unwrap_or_else(PoisonError::into_inner);
        if told_at.is_none_or(|told_at| told_at.elapsed() >= TOLD_EVERY) {
            *told_at = Some(Instant::now());
            tracing::warn!(reason = self.heard.explain(&error), "Kafka does not answer");
        }
    }
}

impl ConsumerContext for Watch {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if matches!(rebalance, Rebalance::Revoke(_)) {
            // Whoever reads on begins there. None stored is as good.
            drop(consumer.commit_consumer_state(CommitMode::Async));
        }
    }
}

/// A connection is gone, or a broker is not ready: [`Watch`] tells of it.
fn passes(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::AllBrokersDown
                | RDKafkaErrorCode::Resolve
                | RDKafkaErrorCode::OperationTimedOut
                | RDKafkaErrorCode::RequestTimedOut
                | RDKafkaErrorCode::CoordinatorLoadInProgress
                | RDKafkaErrorCode::CoordinatorNotAvailable
                | RDKafkaErrorCode::NotCoordinator
                | RDKafkaErrorCode::LeaderNotAvailable
                | RDKafkaErrorCode::NotLeaderForPartition
        )
    )
}

fn owned(message: &BorrowedMessage<'_>) -> QueuedMessage {
    let headers = message.headers().map(|headers| {
        let header = |header: rdkafka::message::Header<'_, &[u8]>| {
            (header.key.to_owned(), header.value.map(<[u8]>::to_vec))
        };
        headers.iter().map(header).collect()
    });
    QueuedMessage {
        topic: message.topic().to_owned(),
        partition: message.partition(),
        offset: message.offset(),
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers: headers.unwrap_or_default(),
    }
}

pub(super) fn failed(error: &KafkaError) -> QueueError {
    QueueError(explain(error))
}
