//! How the service is assembled.

pub mod listener;
