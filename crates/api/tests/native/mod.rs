//! The native API over HTTP, by path and by subject.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod algorithms;
mod bodies;
mod cors;
mod current;
mod delete;
mod document;
mod fields;
pub(crate) mod forge;
mod forged;
mod guesses;
mod headers;
mod health;
mod idempotency;
mod identifiers;
mod limits;
mod login;
mod logout;
mod origin;
mod passwords;
mod policy;
mod proxies;
mod quiet;
mod refresh;
mod register;
mod restore;
mod revocations;
mod roles;
mod routes;
mod services;
mod sessions;
mod setup;
mod support;
mod tokens;
