//! Making the topics of commands where they are missing.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::types::RDKafkaErrorCode;

use super::check::explain;
use super::settings::KafkaSettings;

/// As the brokers are set, where there is no number of copies.
const AS_BROKERS_SAY: i32 = -1;

/// How topics are made.
#[derive(Clone, Copy, Debug)]
pub struct NewTopics {
    pub partitions: i32,
    pub replication: Option<i32>,
}

/// Those that are there stay as they are. Whoever may not make any finds out when there are none.
pub(super) async fn make_missing(settings: &KafkaSettings, new: &NewTopics, names: &[&String]) {
    let copies = new.replication.unwrap_or(AS_BROKERS_SAY);
    let topic = |name| NewTopic::new(name, new.partitions, TopicReplication::Fixed(copies));
    let topics: Vec<_> = names.iter().map(|name| topic(name)).collect();
    let admin: Result<AdminClient<DefaultClientContext>, _> = settings.client().create();
    let options = AdminOptions::new().operation_timeout(Some(settings.timeout));
    let made = match &admin {
        Ok(admin) => admin.create_topics(&topics, &options).await,
        Err(error) => Err(error.clone()),
    };
    match made {
        Ok(outcomes) => {
            let failed = outcomes.into_iter().filter_map(Result::err);
            for (topic, code) in failed {
                if code != RDKafkaErrorCode::TopicAlreadyExists {
                    tracing::warn!(topic, reason = %code, "a topic could not be made");
                }
            }
        }
        Err(error) => tracing::warn!(reason = explain(&error), "topics could not be made"),
    }
}
