//! Whom we talk to. One implementation of a port, one file.

mod clock;
mod entropy;
mod https;
#[cfg(feature = "kafka")]
pub mod kafka;
pub mod mail;
mod reason;
pub mod redis;
mod signature;
pub mod texts;
pub mod webhooks;

pub use clock::SystemClock;
pub use entropy::SystemEntropy;
pub use https::{Client, ClientError};
