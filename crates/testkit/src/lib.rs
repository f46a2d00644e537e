//! What tests stand on.
//!
//! Nothing here stands in for a component that can be had: databases are real servers, and a test
//! whose server is missing fails and says how to get it. Only time and chance are ours.

#![expect(clippy::expect_used, reason = "a test whose stage cannot be set fails there and then")]

mod app;
mod backends;
mod certificates;
mod clock;
mod cloud_events;
mod commands;
mod database;
mod dump;
mod entropy;
mod held_marks;
mod http;
pub mod json_schema;
mod json_web_tokens;
mod kafka;
mod mailbox;
mod python;
mod redis;
mod request;
mod smtp;
pub mod transcript;

pub use app::{App, AppBuilder, PASSWORD, access_token, refresh_token};
pub use certificates::{Authority, Certificate};
pub use clock::FixedClock;
pub use cloud_events::CloudEventsJudge;
pub use commands::command_signature;
pub use database::Database;
pub use dump::{Dump, Row};
pub use entropy::SeededEntropy;
pub use held_marks::HeldMarks;
pub use http::{HttpServer, RecordedRequest};
pub use json_web_tokens::JwtLibraries;
pub use kafka::{
    KafkaMessage, KafkaServer, kafka_brokers, kafka_messages, kafka_produce, kafka_topic,
    kafka_topic_settings, kcat,
};
pub use mailbox::{Mail, Mailbox, Text};
pub use redis::RedisServer;
pub use request::{Call, Reply};
pub use smtp::{ReceivedMail, SmtpMode, SmtpSecurity, SmtpServer, SmtpServerBuilder};
pub use storage::Backend;
