//! The tests of operations: one binary, one module a subject.

mod administer;
mod events;
mod hashing;
mod history;
mod jobs;
mod mail;
mod new_device;
mod purge;
mod races;
mod refresh;
mod roles;
mod secrets;
mod session_cap;
mod stand;
mod support;
mod update;
mod upgrade;
mod vault;
