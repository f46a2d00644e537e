//! The tests of operations: one binary, one module a subject.

mod administer;
mod events;
mod hashing;
mod history;
mod jobs;
mod keys;
mod mail;
mod purge;
mod races;
mod roles;
mod secrets;
mod service_accounts;
mod stand;
mod support;
mod update;
mod upgrade;
mod vault;
