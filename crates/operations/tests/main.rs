//! The tests of operations: one binary, one module a subject.

mod administer;
mod cache;
mod events;
mod guesses;
mod hashing;
mod history;
mod jobs;
mod keys;
mod last_seen;
mod limiter;
mod limiter_flood;
mod mail;
mod new_device;
mod purge;
mod races;
mod refresh;
mod revocations;
mod roles;
mod secrets;
mod service_accounts;
mod session_cap;
mod stand;
mod support;
mod update;
mod upgrade;
mod vault;
