//! `vestibule role update`

use clap::Args;
use domain::RoleName;
use operations::roles::{self, RoleChange};
use operations::{Context, Services};

use super::show::permissions;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Update {
    #[arg(value_name = "ROLE")]
    role: String,

    /// What it is for
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// Permit this, too; may be given more than once
    #[arg(long, value_name = "PERMISSION")]
    permit: Vec<String>,

    /// Permit this no more; may be given more than once
    #[arg(long, value_name = "PERMISSION")]
    forbid: Vec<String>,
}

pub(super) async fn update(services: &Services, ctx: &Context, arguments: Update) -> Outcome {
    let Update { role, description, permit, forbid } = arguments;
    if description.is_none() && permit.is_empty() && forbid.is_empty() {
        return Err(Failure::Usage("nothing to change: see --help".to_owned()));
    }
    let name = RoleName::new(role);
    let known = roles::find(services, ctx, &name).await?;
    let wanted = permissions(&known).into_iter().map(str::to_owned).chain(permit);
    let wanted: Vec<String> = wanted.filter(|permission| !forbid.contains(permission)).collect();
    let request = RoleChange { description, permissions: Some(wanted) };
    let role = roles::update(services, ctx, &name, &request).await?;
    let permits = permissions(&role);
    say(if permits.is_empty() {
        format!("{} permits nothing now", role.name)
    } else {
        format!("{} permits now: {}", role.name, permits.join(", "))
    })
}
