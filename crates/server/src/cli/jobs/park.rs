//! `vestibule jobs park`

use clap::Args;
use operations::{Context, Services, jobs};

use super::{id, what};
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Park {
    /// As `jobs list` shows it
    #[arg(value_name = "ID")]
    id: String,
}

pub(super) async fn park(services: &Services, ctx: &Context, arguments: &Park) -> Outcome {
    ctx.names(&arguments.id);
    let job = jobs::park(services, ctx, id(&arguments.id)?).await?;
    say(format!("{} {} is parked: `vestibule jobs retry` runs it again", what(&job), job.id))
}
