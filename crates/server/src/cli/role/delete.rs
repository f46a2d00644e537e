//! `vestibule role delete`

use clap::Args;
use domain::RoleName;
use operations::{Context, Services, roles};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Delete {
    #[arg(value_name = "ROLE")]
    role: String,

    /// Also when somebody has it: take it from everybody
    #[arg(long)]
    force: bool,
}

pub(super) async fn delete(services: &Services, ctx: &Context, arguments: &Delete) -> Outcome {
    let name = RoleName::new(&arguments.role);
    roles::delete(services, ctx, &name, arguments.force).await?;
    say(format!("deleted the role {name}"))
}
