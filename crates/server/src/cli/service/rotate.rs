//! `vestibule service rotate`

use std::time::Duration;

use clap::Args;
use operations::{Context, Services, service_accounts};

use super::secret;
use super::target::Target;
use crate::cli::outcome::Outcome;

#[derive(Debug, Args)]
pub(in crate::cli) struct Rotate {
    #[command(flatten)]
    target: Target,

    /// The secret so far leaked: it is good no more, instead of another 24 hours
    #[arg(long)]
    now: bool,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn rotate(services: &Services, ctx: &Context, arguments: &Rotate) -> Outcome {
    let service = arguments.target.find(services, ctx).await?;
    let overlap = if arguments.now { Duration::ZERO } else { service_accounts::OVERLAP };
    let (service, secret) = service_accounts::rotate(services, ctx, service.id, overlap).await?;
    secret::show(&service, &secret, arguments.json)
}
