//! How it is assembled: configuration, start and stop, the command line.

pub mod config;
pub mod listener;
