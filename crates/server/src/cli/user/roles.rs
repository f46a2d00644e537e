//! `vestibule user grant`, `vestibule user revoke`

use clap::Args;
use domain::RoleName;
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Held {
    #[command(flatten)]
    target: Target,

    /// admin or moderator
    #[arg(value_name = "ROLE")]
    role: String,
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
