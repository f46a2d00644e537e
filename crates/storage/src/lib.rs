//! Where it is kept: the only crate that knows SQL.
//!
//! One table, one module of free functions: `users::find(&mut read, id)`. What only reads takes
//! [`Read`], what writes takes [`Tx`]; a [`Tx`] reads too. The three drivers meet in `drivers`,
//! the three spellings of a statement in `sql`.

#[macro_use]
mod drivers;
#[macro_use]
mod measures;
#[macro_use]
mod sql;
#[macro_use]
mod transact;

mod connect;
mod error;
mod facts;
mod migrate;
mod pool_use;
mod prepare;
mod store;

pub mod audit;
pub mod audit_calls;
pub mod audit_values;
pub mod blocks;
pub mod code_guesses;
pub mod command_inbox;
pub mod command_queue;
pub mod confirmations;
pub mod consistency;
pub mod event_cursors;
pub mod event_dead_letters;
pub mod event_leader;
pub mod event_log;
pub mod event_replays;
pub mod events;
pub mod flows;
pub mod idempotency_keys;
pub mod jobs;
pub mod known_devices;
pub mod notices;
pub mod passwords;
pub mod policy_findings;
pub mod proof_attempts;
pub mod purge_receipts;
pub mod rate_limits;
pub mod revocations;
pub mod role_definitions;
pub mod role_departures;
pub mod roles;
pub mod schedules;
pub mod sendings;
pub mod service_accounts;
pub mod sessions;
pub mod setup;
pub mod signing_keys;
pub mod user_keys;
pub mod users;
pub mod webhook_endpoints;

pub use connect::{ConnectOptions, DatabaseUrl, InvalidUrl};
pub use drivers::Backend;
pub use error::{Error, Result, Transient, UniqueKey, chain};
pub use facts::{Facts, Weakness};
pub use measures::describe as describe_metrics;
pub use migrate::{Migration, migrations};
pub use pool_use::PoolUse;
pub use prepare::{text_of, unprepared};
pub use store::{Read, Store, Tx, Watcher};
pub use transact::{LOG_OVERLAP, WRITE_LIMIT, counted};

/// So many rows that are over are deleted in one transaction: no lock is held for long.
pub const PIECE: i64 = 1000;

#[doc(hidden)]
pub mod transact_support {
    //! What `transact!` expands to.
    pub use crate::transact::{Attempts, bounded};
}
