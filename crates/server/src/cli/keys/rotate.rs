//! `vestibule keys rotate`

use clap::Args;
use operations::tokens::{Begin, rotate_keys};
use operations::{Context, Services};

use super::say_time;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Rotate {
    /// Sign with it at once, not when everybody who verifies has had time to learn it
    #[arg(long)]
    now: bool,
}

pub(super) async fn rotate(services: &Services, ctx: &Context, arguments: &Rotate) -> Outcome {
    let begin = if arguments.now { Begin::Now } else { Begin::WhenKnown };
    let key = rotate_keys(services, ctx, begin).await?;
    if arguments.now {
        say(format!("{} signs on every instance within a minute", key.id))
    } else {
        say(format!("{} is published, and signs from {} on", key.id, say_time(key.active_from)))
    }
}
