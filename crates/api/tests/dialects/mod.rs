//! The dialects over HTTP.

mod transcripts;
