//! How it is assembled: configuration, start and stop, the command line.

mod assemble;
pub mod cli;
mod commands;
pub mod config;
mod doctor;
mod first_admin;
mod health;
pub mod listener;
mod mailbox;
mod master_key;
mod measures;
mod serve;
mod setup_token;
mod signals;
mod telemetry;
mod usage;
mod ways;
mod welcome;

pub use assemble::{World, api_settings, native_policy, services, store};
