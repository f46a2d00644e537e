//! `vestibule keys`: one verb, one file.

mod list;
mod retire;
mod rotate;

use clap::Subcommand;
use domain::Timestamp;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// List the keys that make tokens, and what each is good for
    #[command(after_help = "\
Examples:
  vestibule keys list
  vestibule keys list --json | jq 'select(.state == \"signing\")'")]
    List(list::List),
    /// Let another key take over; what the one so far signed stays good
    #[command(after_help = "\
Examples:
  vestibule keys rotate
  vestibule keys rotate --now")]
    Rotate(rotate::Rotate),
    /// Give a key up at once, because somebody else may have it
    #[command(
        after_help = "Example:\n  vestibule keys retire 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11"
    )]
    Retire(retire::Retire),
}

pub(super) fn keys(operator: Operator, command: Keys) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Keys::List(arguments) => list::list(services, &arguments).await,
        Keys::Rotate(arguments) => rotate::rotate(services, ctx, &arguments).await,
        Keys::Retire(arguments) => retire::retire(services, ctx, &arguments).await,
    })
}

fn say_time(time: Timestamp) -> String {
    time.calendar().format("%Y-%m-%d %H:%M UTC").to_string()
}
