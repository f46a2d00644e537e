//! The native API over HTTP, by path and by subject.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod algorithms;
mod bodies;
mod cors;
mod current;
mod delete;
mod document;
mod fields;
mod forge;
mod forged;
mod headers;
mod health;
mod idempotency;
mod identifiers;
mod login;
mod logout;
mod origin;
mod passwords;
mod proxies;
mod refresh;
mod register;
mod restore;
mod routes;
mod services;
mod support;
mod tokens;
