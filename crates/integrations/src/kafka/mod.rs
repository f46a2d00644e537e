//! Kafka: events to it.

mod check;
mod settings;

pub use settings::{KafkaSettings, KafkaTls, SaslLogin, SaslMechanism};
