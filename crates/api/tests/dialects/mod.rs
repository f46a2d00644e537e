//! The dialects over HTTP.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod djoser;
mod djoser_mails;
mod forged;
mod guessing;
mod hardened;
mod jwt_accounts;
mod legacy;
mod legacy_bounds;
mod legacy_ends;
mod libraries;
mod mailed_codes;
mod mounts;
mod one_account;
mod own_secret;
mod pathways;
mod refresh;
mod revocation;
mod support;
mod transcripts;
mod user_management;
