//! The tests of operations: one binary, one module a subject.

mod administer;
mod events;
mod guesses;
mod hashing;
mod history;
mod jobs;
mod limiter;
mod mail;
mod purge;
mod races;
mod roles;
mod secrets;
mod stand;
mod support;
mod update;
mod upgrade;
mod vault;
