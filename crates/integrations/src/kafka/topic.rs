//! Making a topic that is missing.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic as Topic, TopicReplication};
use rdkafka::types::RDKafkaErrorCode;

use super::heard::Heard;
use super::settings::KafkaSettings;

/// How a topic is made that is not there.
#[derive(Clone, Debug)]
pub struct NewTopic {
    pub partitions: i32,
    /// None: as the brokers are set.
    pub replication: Option<i32>,
    /// Only the newest message of each key is kept.
    pub is_compacted: bool,
    /// How long messages are kept. None: as the brokers are set.
    pub retention: Option<Duration>,
}

/// Brokers forget in segments, and those that are written to stay: so much longer at most.
const LONGEST_SEGMENT: Duration = Duration::from_hours(24);

impl NewTopic {
    /// `heard` knows what is behind an error.
    pub(super) async fn ensure(
        &self,
        settings: &KafkaSettings,
        name: &str,
        heard: &Heard,
    ) -> Result<(), String> {
        let admin: AdminClient<Heard> = settings
            .client()
            .create_with_context(heard.clone())
            .map_err(|error| heard.explain(&error))?;
        let replication = TopicReplication::Fixed(self.replication.unwrap_or(-1));
        let mut topic = Topic::new(name, self.partitions, replication);
        if self.is_compacted {
            topic = topic.set("cleanup.policy", "compact");
        }
        let kept = self.retention.map(|retention| {
            [retention, retention.min(LONGEST_SEGMENT)].map(|time| time.as_millis().to_string())
        });
        if let Some([retention, segment]) = &kept {
            topic = topic.set("retention.ms", retention).set("segment.ms", segment);
        }
        let options = AdminOptions::new().operation_timeout(Some(settings.timeout));
        let made =
            admin.create_topics([&topic], &options).await.map_err(|error| heard.explain(&error))?;
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
