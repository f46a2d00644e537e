//! Events as signed requests to addresses that others chose.

mod networks;
mod resolver;
mod send;

pub use networks::{InvalidNetwork, Networks};
pub use send::{EventWebhooks, WebhookSettings};
