//! The native API over HTTP, by path and by subject.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod bodies;
mod cors;
mod document;
mod fields;
mod headers;
mod health;
mod idempotency;
mod logout;
mod origin;
mod register;
mod routes;
mod support;
