//! The contract of storage: one suite, every backend.

#![expect(clippy::expect_used, reason = "a stage that cannot be set fails the case there and then")]

mod given;
mod raw;

mod consistency;
mod events;
mod jobs;
mod leasing;
mod passwords;
mod roles;
mod sessions;
mod signing_keys;
mod statements;
mod unique_keys;
mod users;
