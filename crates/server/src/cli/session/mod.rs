//! `vestibule session`: one verb, one file.

mod list;
mod revoke;

use clap::Subcommand;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Session {
    /// List where an account is signed in, the newest first
    #[command(after_help = "\
Examples:
  vestibule session list ann
  vestibule session list ann --json | jq -r .address")]
    List(list::List),
    /// End one session of an account, or all of them
    #[command(after_help = "\
Examples:
  vestibule session revoke ann --session 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11
  vestibule session revoke ann --all")]
    Revoke(revoke::Revoke),
}

pub(super) fn session(operator: Operator, command: Session) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Session::List(arguments) => list::list(services, ctx, &arguments).await,
        Session::Revoke(arguments) => revoke::revoke(services, ctx, &arguments).await,
    })
}
