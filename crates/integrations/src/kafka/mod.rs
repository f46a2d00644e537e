//! Kafka: events to it, commands from it.

mod check;
mod consumer;
mod dead_letters;
mod heard;
mod settings;
mod stream;
mod topic;

pub use check::Brokers;
pub use consumer::KafkaCommands;
pub use settings::{KafkaSettings, KafkaTls, SaslLogin, SaslMechanism};
pub use stream::KafkaStream;
pub use topic::NewTopic;
