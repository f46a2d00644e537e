//! `vestibule events`: one verb, one file.

mod forget;
mod list;
mod replay;
mod skip;
mod status;

use clap::{Args, Subcommand};

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Events {
    /// List what happened to accounts, in the order of the log
    #[command(after_help = "\
Examples:
  vestibule events list --user ann
  vestibule events list --after 00000000000000000042 --json
  vestibule events list --after latest --follow --type vestibule.user.deleted.v1")]
    List(list::List),
    /// Show how far the log is, and how far each of those that are told of it
    #[command(after_help = "\
Examples:
  vestibule events status
  vestibule events status --json | jq '.sinks[] | select(.lag > 1000)'")]
    Status(status::Status),
    /// Have events told once more, under the same ids: since some time, or those of an account
    #[command(after_help = "\
Examples:
  vestibule events replay --since 2026-11-01
  vestibule events replay --user ann
  vestibule events replay --sink kafka-state")]
    Replay(replay::Replay),
    /// Park the event that a stream does not take, so that the others pass it; a replay tells it again
    #[command(after_help = "\
Example:
  vestibule events skip webhook-0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11")]
    Skip(Stream),
    /// Forget a stream that is not in the settings any more; set again, it is told all events
    #[command(after_help = "Example:\n  vestibule events forget kafka-state")]
    Forget(Stream),
}

/// Which one.
#[derive(Debug, Args)]
pub(super) struct Stream {
    /// As `events status` shows it
    #[arg(value_name = "SINK")]
    name: String,
}

pub(super) fn events(operator: Operator, command: Events) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Events::List(arguments) => list::list(services, ctx, &arguments).await,
        Events::Status(arguments) => status::status(services, ctx, &arguments).await,
        Events::Replay(arguments) => replay::replay(services, ctx, &arguments).await,
        Events::Skip(stream) => skip::skip(services, ctx, &stream).await,
        Events::Forget(stream) => forget::forget(services, ctx, &stream).await,
    })
}
