//! The native API over HTTP, by path.

mod idempotency;
mod register;
