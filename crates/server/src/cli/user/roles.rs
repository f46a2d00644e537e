//! `vestibule user grant`, `vestibule user revoke`, `vestibule user roles set`

use clap::{Args, Subcommand};
use domain::RoleName;
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Held {
    #[command(flatten)]
    target: Target,

    /// See vestibule role list
    #[arg(value_name = "ROLE")]
    role: String,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Roles {
    /// Give these roles and take all others away
    #[command(after_help = "\
Examples:
  vestibule user roles set ann moderator
  vestibule user roles set ann")]
    Set(Wanted),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Wanted {
    #[command(flatten)]
    target: Target,

    /// Beside `user`, which everybody has
    #[arg(value_name = "ROLE")]
    roles: Vec<String>,
}

pub(super) async fn set(services: &Services, ctx: &Context, wanted: &Wanted) -> Outcome {
    let user = wanted.target.find(services, ctx).await?;
    let roles: Vec<RoleName> = wanted.roles.iter().map(RoleName::new).collect();
    let set = operations::roles::set(services, ctx, user.id, &roles).await;
    let set = set.map_err(|error| explain(&user, error))?;
    let roles: Vec<&str> = set.roles.iter().map(RoleName::as_str).collect();
    say(format!("{} has now: {}", name_of(&user), roles.join(", ")))
}

pub(super) async fn grant(services: &Services, ctx: &Context, held: &Held) -> Outcome {
    let (user, role) = (held.target.find(services, ctx).await?, RoleName::new(&held.role));
    let granted = operations::roles::grant(services, ctx, user.id, &role).await;
    granted.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    if user.roles.contains(&role) {
        say(format!("{name} has the role {role} already"))
    } else {
        say(format!("granted {role} to {name}"))
    }
}

pub(super) async fn revoke(services: &Services, ctx: &Context, held: &Held) -> Outcome {
    let (user, role) = (held.target.find(services, ctx).await?, RoleName::new(&held.role));
    let revoked = operations::roles::revoke(services, ctx, user.id, &role).await;
    revoked.map_err(|error| explain(&user, error))?;
    let name = name_of(&user);
    if user.roles.contains(&role) {
        say(format!("revoked {role} from {name}"))
    } else {
        say(format!("{name} does not have the role {role}"))
    }
}
