//! `vestibule user`: one verb, one file.

mod audit;
mod block;
mod create;
mod delete;
mod explain;
mod export;
mod json;
mod list;
mod restore;
mod roles;
mod set_password;
mod show;

use clap::Subcommand;

use super::operator::{Operator, operate};
use super::outcome::Outcome;
use super::target::Target;

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Make an account
    #[command(after_help = "\
Examples:
  vestibule user create --username ann --email ann@example.org
  pass show ann | vestibule user create --username ann --role moderator --password-stdin")]
    Create(create::Create),
    /// List accounts in the order of their numbers
    #[command(after_help = "\
Examples:
  vestibule user list --after 100 --limit 20
  vestibule user list --json | jq -r .email")]
    List(list::List),
    /// Show one account, deleted ones included
    #[command(after_help = "\
Examples:
  vestibule user show ann
  vestibule user show +4930123456 --json")]
    Show(show::Show),
    /// Say why somebody cannot get in
    #[command(after_help = "\
Examples:
  vestibule user explain ann
  vestibule user explain ann@example.org --json | jq -r '.findings[].code'")]
    Explain(explain::Explain),
    /// List what happened to an account and what was asked about it, the newest first
    #[command(after_help = "\
Examples:
  vestibule user audit ann
  vestibule user audit ann --action 'vestibule.user.*' --json")]
    Audit(audit::Audit),
    /// Print everything that is kept about somebody, as one JSON object
    #[command(after_help = "Example:\n  vestibule user export ann > ann.json")]
    Export(export::Exported),
    /// Set a password and end every session
    #[command(after_help = "\
Examples:
  vestibule user set-password ann@example.org
  pass show ann | vestibule user set-password ann --password-stdin")]
    SetPassword(set_password::SetPassword),
    /// Keep somebody out and end every session
    #[command(after_help = "Example:\n  vestibule user block ann")]
    Block(Target),
    /// Let somebody in again
    #[command(after_help = "Example:\n  vestibule user unblock ann")]
    Unblock(Target),
    /// Give a role
    #[command(after_help = "Example:\n  vestibule user grant ann moderator")]
    Grant(roles::Held),
    /// Take a role away
    #[command(after_help = "Example:\n  vestibule user revoke ann moderator")]
    Revoke(roles::Held),
    /// Delete an account, restorable for a while or for good
    #[command(after_help = "\
Examples:
  vestibule user delete ann
  vestibule user delete --final --yes 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11")]
    Delete(delete::Delete),
    /// Bring a deleted account back
    #[command(after_help = "Example:\n  vestibule user restore ann")]
    Restore(Target),
}

pub(super) fn user(operator: Operator, command: User) -> Outcome {
    if let User::Create(create::Create { password, .. })
    | User::SetPassword(set_password::SetPassword { password, .. }) = &command
    {
        password.check()?;
    }
    operate(operator, async |services, ctx| match command {
        User::Create(arguments) => create::create(services, ctx, arguments).await,
        User::List(arguments) => list::list(services, &arguments).await,
        User::Show(arguments) => show::show(services, ctx, &arguments).await,
        User::Explain(arguments) => explain::tell(services, ctx, &arguments).await,
        User::Audit(arguments) => audit::audit(services, ctx, &arguments).await,
        User::Export(arguments) => export::tell(services, ctx, &arguments).await,
        User::SetPassword(arguments) => set_password::set(services, ctx, &arguments).await,
        User::Block(target) => block::block(services, ctx, &target).await,
        User::Unblock(target) => block::unblock(services, ctx, &target).await,
        User::Grant(held) => roles::grant(services, ctx, &held).await,
        User::Revoke(held) => roles::revoke(services, ctx, &held).await,
        User::Delete(arguments) => delete::delete(services, ctx, &arguments).await,
        User::Restore(target) => restore::restore(services, ctx, &target).await,
    })
}
