//! `vestibule events`: one verb, one file.

mod list;

use clap::Subcommand;

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
}

pub(super) fn events(operator: Operator, command: Events) -> Outcome {
    operate(operator, async |services, _| match command {
        Events::List(arguments) => list::list(services, &arguments).await,
    })
}
