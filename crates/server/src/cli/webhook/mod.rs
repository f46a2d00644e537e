//! `vestibule webhook`: one verb, one file.

mod change;
mod create;
mod delete;
mod list;
mod pause;
mod rotate;
mod shown;

use clap::Subcommand;
use domain::Refusal;
use uuid::Uuid;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Webhook {
    /// Have events sent to an address, and print the secret that signs them, this once
    #[command(after_help = "\
Examples:
  vestibule webhook create https://billing.example.org/events
  vestibule webhook create https://crm.example.org/hook --type vestibule.user.deleted.v1")]
    Create(create::Create),
    /// List the addresses to which events are sent
    #[command(after_help = "\
Examples:
  vestibule webhook list
  vestibule webhook list --json | jq -r 'select(.paused_at) | .id'")]
    List(list::List),
    /// Send events elsewhere, or other ones
    #[command(after_help = "\
Example:
  vestibule webhook change 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11 --url https://crm.example.org/new")]
    Change(change::Change),
    /// Exchange the secret and print the new one, this once
    #[command(after_help = "\
Examples:
  vestibule webhook rotate 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11
  vestibule webhook rotate 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11 --now")]
    Rotate(rotate::Rotate),
    /// Send nothing to an address for a while; what happens meanwhile is sent afterwards
    #[command(
        after_help = "Example:\n  vestibule webhook pause 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11"
    )]
    Pause(Target),
    /// Send events to an address again, beginning with what it has not got
    #[command(
        after_help = "Example:\n  vestibule webhook resume 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11"
    )]
    Resume(Target),
    /// Send no more events to an address
    #[command(
        after_help = "Example:\n  vestibule webhook delete 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11"
    )]
    Delete(Target),
}

/// Which one.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// As `webhook list` shows it
    #[arg(value_name = "ID")]
    id: String,
}

impl Target {
    fn id(&self) -> Outcome<Uuid> {
        let id = Uuid::parse_str(&self.id);
        Ok(id.map_err(|_| operations::Error::from(Refusal::WebhookNotFound))?)
    }
}

pub(super) fn webhook(operator: Operator, command: Webhook) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Webhook::Create(arguments) => create::create(services, ctx, arguments).await,
        Webhook::List(arguments) => list::list(services, ctx, &arguments).await,
        Webhook::Change(arguments) => change::change(services, ctx, arguments).await,
        Webhook::Rotate(arguments) => rotate::rotate(services, ctx, &arguments).await,
        Webhook::Pause(target) => pause::pause(services, ctx, &target).await,
        Webhook::Resume(target) => pause::resume(services, ctx, &target).await,
        Webhook::Delete(target) => delete::delete(services, ctx, &target).await,
    })
}
