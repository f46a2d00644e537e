//! `vestibule role`: one verb, one file.

mod create;
mod delete;
mod list;
mod show;
mod update;

use clap::Subcommand;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Role {
    /// List roles in the order of their names
    #[command(after_help = "\
Examples:
  vestibule role list
  vestibule role list --json | jq -r .name")]
    List(list::List),
    /// Show one role
    #[command(after_help = "Example:\n  vestibule role show moderator --json")]
    Show(show::Show),
    /// Make a role
    #[command(after_help = "\
Example:
  vestibule role create support --permission users:read --description 'First line'")]
    Create(create::Create),
    /// Change what a role permits, for everybody who has it
    #[command(after_help = "\
Examples:
  vestibule role update support --permit users:block
  vestibule role update support --forbid users:block --description 'Second line'")]
    Update(update::Update),
    /// Delete a role
    #[command(after_help = "Example:\n  vestibule role delete support --force")]
    Delete(delete::Delete),
}

pub(super) fn role(operator: Operator, command: Role) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Role::List(arguments) => list::list(services, ctx, &arguments).await,
        Role::Show(arguments) => show::show(services, ctx, &arguments).await,
        Role::Create(arguments) => create::create(services, ctx, arguments).await,
        Role::Update(arguments) => update::update(services, ctx, arguments).await,
        Role::Delete(arguments) => delete::delete(services, ctx, &arguments).await,
    })
}
