//! The tests of operations: one binary, one module a subject.

mod events;
mod hashing;
mod history;
mod mail;
mod purge;
mod races;
mod roles;
mod support;
mod update;
mod upgrade;
