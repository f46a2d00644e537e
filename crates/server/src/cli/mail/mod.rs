//! `vestibule mail`: what our messages look like, and whether they leave. Needs no database.

mod example;
mod list;
mod preview;
mod send_test;

use clap::Subcommand;

use super::outcome::Outcome;
use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Mail {
    /// List the messages and what they are for
    #[command(after_help = "\
Examples:
  vestibule mail list
  vestibule mail list --json | jq -r .message")]
    List(list::List),
    /// Show messages with examples in them, as this deployment would send them
    #[command(after_help = "\
Examples:
  vestibule mail preview recovery --locale ru
  vestibule mail preview welcome --part html > welcome.html
  vestibule mail preview --all --out previews")]
    Preview(preview::Preview),
    /// Hand an example to the configured transport, and say what became of it
    #[command(after_help = "\
Examples:
  vestibule mail send-test --to ann@example.org
  vestibule mail send-test --to ann@example.org --message recovery --locale ru")]
    SendTest(send_test::SendTest),
}

pub(super) fn mail(settings: &Settings, command: Mail) -> Outcome {
    match command {
        Mail::List(arguments) => list::list(&arguments),
        Mail::Preview(arguments) => preview::preview(settings, &arguments),
        Mail::SendTest(arguments) => send_test::send_test(settings, &arguments),
    }
}
