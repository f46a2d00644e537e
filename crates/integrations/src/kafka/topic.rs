//! Making a topic that is missing.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic as Topic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::types::RDKafkaErrorCode;

use super::check::explain;
use super::settings::KafkaSettings;

/// How a topic is made that is not there.
#[derive(Clone, Debug)]
pub struct NewTopic {
    pub partitions: i32,
    /// None: as the brokers are set.
    pub replication: Option<i32>,
    /// Only the newest message of each key is kept.
    pub is_compacted: bool,
}

impl NewTopic {
    pub(super) async fn ensure(&self, settings: &KafkaSettings, name: &str) -> Result<(), String> {
        let admin: AdminClient<DefaultClientContext> =
            settings.client().create().map_err(|error| explain(&error))?;
        let replication = TopicReplication::Fixed(self.replication.unwrap_or(-1));
        let mut topic = Topic::new(name, self.partitions, replication);
        if self.is_compacted {
            topic = topic.set("cleanup.policy", "compact");
        }
        let options = AdminOptions::new().operation_timeout(Some(settings.timeout));
        let made =
            admin.create_topics([&topic], &options).await.map_err(|error| explain(&error))?;
        match made.into_iter().next() {
            Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists)) | Ok(_)) | None => Ok(()),
            // Whoever may not make topics may still write to those that are there.
            Some(Err((
                _,
                code @ (RDKafkaErrorCode::TopicAuthorizationFailed
                | RDKafkaErrorCode::ClusterAuthorizationFailed),
            ))) => {
                tracing::debug!(topic = name, reason = %code, "no topic is made here");
                Ok(())
            }
            Some(Err((_, code))) => Err(format!("the topic {name} cannot be made: {code}")),
        }
    }
}
