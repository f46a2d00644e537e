//! The dialects over HTTP.

mod djoser;
mod transcripts;
