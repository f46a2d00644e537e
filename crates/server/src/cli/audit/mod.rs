//! `vestibule audit`: the audit trail.

mod json;
mod list;
mod names;
mod question;

use clap::Subcommand;

pub(super) use json::json as entry_json;
pub(super) use list::print_page;
pub(super) use names::Names;
pub(super) use question::Which;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// List what changed and what administrators and the operator asked for, the newest first
    #[command(after_help = "\
Examples:
  vestibule audit list
  vestibule audit list --by ann --action 'users.*' --since 2026-11-01T00:00:00Z
  vestibule audit list --json | jq 'select(.outcome != \"done\")'")]
    List(list::List),
}

pub(super) fn audit(operator: Operator, command: Audit) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Audit::List(arguments) => list::list(services, ctx, &arguments).await,
    })
}
