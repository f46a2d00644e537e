//! Kafka: events to it, commands from it.

mod check;
mod command_topics;
mod consumer;
mod dead_letters;
mod settings;

pub use command_topics::NewTopics;
pub use consumer::KafkaCommands;
pub use settings::{KafkaSettings, KafkaTls, SaslLogin, SaslMechanism};
