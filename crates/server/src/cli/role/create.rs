//! `vestibule role create`

use clap::Args;
use operations::roles::{self, NewRole};
use operations::{Context, Services};

use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Small letters, digits, `.`, `_` and `-`
    #[arg(value_name = "ROLE")]
    name: String,

    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,

    /// What it permits; may be given more than once
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
}

pub(super) async fn create(services: &Services, ctx: &Context, arguments: Create) -> Outcome {
    let Create { name, description, permissions } = arguments;
    let request = NewRole { name, description, permissions };
    let role = roles::create(services, ctx, &request).await?;
    say(format!("made the role {}", role.name))
}
