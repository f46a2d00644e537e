//! `vestibule policy`: rules that somebody thinks of using.

mod report;

use clap::Subcommand;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Policy {
    /// Count the accounts that the candidate policy would refuse, by rule
    #[command(after_help = "\
Examples:
  VESTIBULE_PASSWORDS__CANDIDATE__PROFILE=nist vestibule serve
  vestibule policy report
  vestibule policy report --json | jq .accounts_passing")]
    Report(report::Report),
}

pub(super) fn policy(operator: Operator, command: Policy) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Policy::Report(arguments) => report::report(services, ctx, &arguments).await,
    })
}
