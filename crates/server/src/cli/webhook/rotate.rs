//! `vestibule webhook rotate`

use std::time::Duration;

use clap::Args;
use operations::{Context, Services, webhooks};

use super::{Target, shown};
use crate::cli::outcome::Outcome;

#[derive(Debug, Args)]
pub(in crate::cli) struct Rotate {
    #[command(flatten)]
    target: Target,

    /// The secret so far leaked: it signs no more, instead of another 24 hours
    #[arg(long)]
    now: bool,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn rotate(services: &Services, ctx: &Context, arguments: &Rotate) -> Outcome {
    let overlap = if arguments.now { Duration::ZERO } else { webhooks::OVERLAP };
    let id = arguments.target.id()?;
    let (webhook, secret) = webhooks::rotate(services, ctx, id, overlap).await?;
    shown::with_secret(&webhook, &secret, arguments.json)
}
