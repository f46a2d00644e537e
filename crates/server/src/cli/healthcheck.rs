//! `vestibule healthcheck`

use clap::Args;

use super::block_on;
use super::outcome::{Failure, Outcome};
use super::output::print;
use crate::config::Settings;
use crate::health;

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    /// Only whether it answers at all, whatever its database does
    #[arg(long)]
    live: bool,
}

pub(super) fn healthcheck(settings: &Settings, arguments: &Healthcheck) -> Outcome {
    let path = if arguments.live { "/livez" } else { "/readyz" };
    block_on(async {
        let (status, body) = health::ask(&settings.http, path).await?;
        if status.is_success() {
            print(&format!("{}\n", body.trim_end()))
        } else {
            Err(Failure::Found(format!("{status}: {}", body.trim_end())))
        }
    })
}
