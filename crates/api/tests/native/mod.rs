//! The native API over HTTP, by path and by subject.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod addresses;
mod admin_roles;
mod admin_users;
mod algorithms;
mod bodies;
mod bulk;
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
mod proxies;
mod refresh;
mod register;
mod restore;
mod revocations;
mod roles;
mod routes;
mod services;
mod sessions;
mod support;
mod tokens;
mod user_list;
