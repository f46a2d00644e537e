//! The contract of storage: one suite, every backend.
//!
//! `docs/PORTABLE-SQL.md` names the rule that each case holds.

#![expect(clippy::expect_used, reason = "a stage that cannot be set fails the case there and then")]

mod given;
mod plans;
mod pool_use;
mod raw;

mod audit;
mod blocks;
mod command_inbox;
mod confirmations;
mod connecting;
mod consistency;
mod errors;
mod event_log;
mod events;
mod facts;
mod flows;
mod following;
mod jobs;
mod known_devices;
mod leasing;
mod limits;
mod managing;
mod migrations;
mod notices;
mod passwords;
mod policy_findings;
mod purge_receipts;
mod races;
mod revocations;
mod role_definitions;
mod roles;
mod scheduling;
mod service_accounts;
mod sessions;
mod setup;
mod signing_keys;
mod statements;
mod transactions;
mod unique_keys;
mod users;
