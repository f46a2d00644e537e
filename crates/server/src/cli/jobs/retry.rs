//! `vestibule jobs retry`

use clap::Args;
use operations::{Context, Services, jobs};

use super::{id, what};
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Retry {
    /// As `jobs list` shows it
    #[arg(value_name = "ID")]
    id: String,
}

pub(super) async fn retry(services: &Services, ctx: &Context, arguments: &Retry) -> Outcome {
    ctx.names(&arguments.id);
    let job = jobs::retry(services, ctx, id(&arguments.id)?).await?;
    say(format!("{} {} is due again", what(&job), job.id))
}
