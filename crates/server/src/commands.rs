//! From settings to the consumer of commands, beside the worker.

use operations::Services;
#[cfg(feature = "kafka")]
use operations::commands::{CommandSettings, consume};
use tokio_util::sync::CancellationToken;

use crate::config::Kafka;

/// Does what other services ask for, where there is a topic for it.
#[cfg(feature = "kafka")]
pub(crate) async fn take_commands(kafka: &Kafka, services: &Services, stop: CancellationToken) {
    let Some(queues) = crate::ways::commands(kafka) else { return };
    let commands = &kafka.commands;
    let settings = CommandSettings { sources: commands.sources.clone(), max_age: commands.max_age };
    tracing::info!(topic = queues.topic, "taking commands");
    consume(services, &settings, &queues, stop.cancelled()).await;
}

#[cfg(not(feature = "kafka"))]
pub(crate) async fn take_commands(kafka: &Kafka, _: &Services, _: CancellationToken) {
    if kafka.commands.topic.is_some() {
        tracing::warn!("no commands are taken: this program was built without Kafka");
    }
}
