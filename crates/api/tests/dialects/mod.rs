//! The dialects over HTTP.

mod mounts;
mod one_account;
mod refresh;
mod transcripts;
