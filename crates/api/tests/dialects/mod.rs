//! The dialects over HTTP.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod mounts;
mod one_account;
mod refresh;
mod transcripts;
