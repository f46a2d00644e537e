//! What the product does. One public verb, one file.
//!
//! Every rule lives here once. A surface parses, calls one operation, renders; it never sees the
//! database, a hash or a key.

#[macro_use]
mod transact;

pub mod accounts;
pub mod audit;
mod authority;
pub mod cache;
pub mod candidate;
pub mod commands;
mod confirmations;
mod context;
mod counters;
pub mod diagnosis;
mod error;
pub mod events;
pub mod explain;
pub mod flows;
mod gauges;
pub mod health;
pub mod jobs;
pub mod limits;
pub mod mail;
mod measures;
pub mod passwords;
pub mod ports;
mod record;
pub mod recovery;
pub mod revocations;
pub mod roles;
pub mod service_accounts;
mod services;
pub mod sessions;
pub mod setup;
mod texts;
pub mod tokens;
pub mod vault;
pub mod verification;
pub mod webhooks;

pub use authority::ensure_may;
pub use confirmations::NumberedLink;
pub use context::{Client, Context};
pub use counters::begin_counting;
pub use error::{Error, Fault, Result};
pub use gauges::{Gauges, keep_gauges, tell_present};
pub use mail::{Links, TOKEN_PLACE};
pub use measures::describe as describe_metrics;
pub use services::{Parts, Services, StartError};
pub use storage::name_metrics;
pub use texts::TextRules;
