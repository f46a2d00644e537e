//! `vestibule service`: one verb, one file.

mod create;
mod delete;
mod json;
mod list;
mod permit;
mod rotate;
mod secret;
mod show;
mod target;

use clap::Subcommand;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Service {
    /// Make a service and print its secret, this once
    #[command(after_help = "\
Examples:
  vestibule service create gateway --permission tokens:introspect
  vestibule service create billing --permission events:read --json | jq -r .client_secret")]
    Create(create::Create),
    /// List services in the order of their names
    #[command(after_help = "\
Examples:
  vestibule service list
  vestibule service list --json | jq -r .client_id")]
    List(list::List),
    /// Show one service
    #[command(after_help = "Example:\n  vestibule service show gateway --json")]
    Show(show::Show),
    /// Give a service a new secret and print it, this once
    #[command(after_help = "\
Examples:
  vestibule service rotate gateway
  vestibule service rotate gateway --now")]
    Rotate(rotate::Rotate),
    /// Let a service do more
    #[command(after_help = "Example:\n  vestibule service permit gateway tokens:revoke")]
    Permit(permit::Permissions),
    /// Let a service do less
    #[command(after_help = "Example:\n  vestibule service forbid gateway tokens:revoke")]
    Forbid(permit::Permissions),
    /// Delete a service: its secrets are good no more
    #[command(after_help = "Example:\n  vestibule service delete gateway")]
    Delete(target::Target),
}

pub(super) fn service(operator: Operator, command: Service) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Service::Create(arguments) => create::create(services, ctx, arguments).await,
        Service::List(arguments) => list::list(services, ctx, &arguments).await,
        Service::Show(arguments) => show::show(services, ctx, &arguments).await,
        Service::Rotate(arguments) => rotate::rotate(services, ctx, &arguments).await,
        Service::Permit(arguments) => permit::permit(services, ctx, &arguments).await,
        Service::Forbid(arguments) => permit::forbid(services, ctx, &arguments).await,
        Service::Delete(target) => delete::delete(services, ctx, &target).await,
    })
}
