//! The tests of the assembly: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod cli;
mod config;
mod fleet;
mod kafka;
mod listener;
mod observe;
mod process;
