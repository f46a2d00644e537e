//! The contract of storage: one suite, every backend.

#![expect(clippy::expect_used, reason = "a test whose stage cannot be set fails there and then")]

mod facts;
mod statements;
