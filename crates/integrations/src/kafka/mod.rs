//! Kafka: events to it.

mod check;
mod settings;
mod stream;
mod topic;

pub use settings::{KafkaSettings, KafkaTls, SaslLogin, SaslMechanism};
pub use stream::KafkaStream;
pub use topic::NewTopic;
