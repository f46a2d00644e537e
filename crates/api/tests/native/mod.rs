//! The native API over HTTP, by path and by subject.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod algorithms;
mod bodies;
mod cors;
mod document;
mod fields;
mod forge;
mod forged;
mod headers;
mod health;
mod idempotency;
mod login;
mod logout;
mod origin;
mod proxies;
mod refresh;
mod register;
mod routes;
mod support;
