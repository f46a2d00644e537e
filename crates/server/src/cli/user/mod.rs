//! `vestibule user`: one verb, one file.

mod audit;
mod block;
mod bulk;
mod create;
mod delete;
mod explain;
mod export;
mod filter;
mod json;
mod list;
mod recover;
mod restore;
mod roles;
mod set_password;
mod show;
mod update;
mod verify;

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
  pass show ann | vestibule user create --username ann --role moderator --password-stdin
  vestibule user create --email ann@example.org --without-password")]
    Create(create::Create),
    /// List accounts: all of them, or those that fit
    #[command(after_help = "\
Examples:
  vestibule user list --after 100 --limit 20
  vestibule user list --search ann --status active,blocked
  vestibule user list --last-login-before 2026-01-01 --sort last_login_at --total
  vestibule user list --json | jq -r .email")]
    List(Box<list::List>),
    /// Do the same to many accounts, after a look at which
    #[command(after_help = "\
Examples:
  vestibule user bulk block --search spam --reason 'a wave of spam'
  vestibule user bulk block --search spam --reason 'a wave of spam' --apply --expect 312
  vestibule user bulk revoke-role moderator --role moderator --last-login-before 2026-01-01")]
    Bulk(Box<bulk::BulkChange>),
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
    /// Send its owner a code and a link to set a new password with
    #[command(after_help = "Example:\n  vestibule user recover ann")]
    Recover(Target),
    /// Change what an account is known by, and its profile
    #[command(after_help = "\
Examples:
  vestibule user update ann --email ann@example.com
  vestibule user update ann --clear phone --language en")]
    Update(update::Update),
    /// Say that the addresses of an account are its owner's
    #[command(after_help = "Example:\n  vestibule user verify ann --email")]
    Verify(verify::Verify),
    /// Keep somebody out and end every session
    #[command(after_help = "\
Examples:
  vestibule user block ann --reason 'asked for it by phone'
  vestibule user block ann --until 7d
  vestibule user block ann --until 2027-01-31T12:00:00Z")]
    Block(block::Block),
    /// Let somebody in again
    #[command(after_help = "Example:\n  vestibule user unblock ann")]
    Unblock(Target),
    /// Give a role
    #[command(after_help = "Example:\n  vestibule user grant ann moderator")]
    Grant(roles::Held),
    /// Take a role away
    #[command(after_help = "Example:\n  vestibule user revoke ann moderator")]
    Revoke(roles::Held),
    /// Say which roles an account has
    #[command(subcommand, after_help = "Example:\n  vestibule user roles set ann moderator")]
    Roles(roles::Roles),
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
    if let User::Create(create::Create { password, without_password: false, .. })
    | User::SetPassword(set_password::SetPassword { password, .. }) = &command
    {
        password.check()?;
    }
    operate(operator, async |services, ctx| match command {
        User::Create(arguments) => create::create(services, ctx, arguments).await,
        User::List(arguments) => list::list(services, ctx, &arguments).await,
        User::Bulk(arguments) => bulk::change(services, ctx, &arguments).await,
        User::Show(arguments) => show::show(services, ctx, &arguments).await,
        User::Explain(arguments) => explain::tell(services, ctx, &arguments).await,
        User::Audit(arguments) => audit::audit(services, ctx, &arguments).await,
        User::Export(arguments) => export::tell(services, ctx, &arguments).await,
        User::SetPassword(arguments) => set_password::set(services, ctx, &arguments).await,
        User::Recover(target) => recover::recover(services, ctx, &target).await,
        User::Update(arguments) => update::update(services, ctx, arguments).await,
        User::Verify(arguments) => verify::verify(services, ctx, &arguments).await,
        User::Block(arguments) => block::block(services, ctx, &arguments).await,
        User::Unblock(target) => block::unblock(services, ctx, &target).await,
        User::Grant(held) => roles::grant(services, ctx, &held).await,
        User::Revoke(held) => roles::revoke(services, ctx, &held).await,
        User::Roles(roles::Roles::Set(wanted)) => roles::set(services, ctx, &wanted).await,
        User::Delete(arguments) => delete::delete(services, ctx, &arguments).await,
        User::Restore(target) => restore::restore(services, ctx, &target).await,
    })
}
