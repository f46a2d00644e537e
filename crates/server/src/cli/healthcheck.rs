//! `vestibule healthcheck`

use clap::Args;

use super::block_on;
use super::outcome::{Failure, Outcome};
use super::output::print;
use super::serve::listen_flag;
use crate::config::{Flag, Settings};
use crate::health;

#[derive(Debug, Args)]
pub(super) struct Healthcheck {
    /// Only whether it answers at all, whatever its database does
    #[arg(long)]
    live: bool,

    /// That of `vestibule worker`, at `jobs.listen`
    #[arg(long)]
    worker: bool,

    /// That of `vestibule serve --listen` with the same
    #[arg(long, value_name = "ADDRESS", conflicts_with = "worker")]
    listen: Option<String>,
}

impl Healthcheck {
    pub(super) fn flags(&self) -> Vec<Flag> {
        self.listen.iter().map(|value| listen_flag(value)).collect()
    }
}

pub(super) fn healthcheck(settings: &Settings, arguments: &Healthcheck) -> Outcome {
    let path = if arguments.live { "/livez" } else { "/readyz" };
    let (listen, tls) = if arguments.worker {
        let nowhere = || {
            let what = "must be set for --worker: a worker answers nowhere";
            Failure::Configuration(settings.problem("jobs.listen", what.to_owned()))
        };
        (settings.jobs.listen.ok_or_else(nowhere)?, false)
    } else {
        (settings.http.listen, settings.http.certificate.is_some())
    };
    block_on(async {
        let (status, body) = health::ask(listen, tls, path).await?;
        if status.is_success() {
            print(&format!("{}\n", body.trim_end()))
        } else {
            Err(Failure::Found(format!("{status}: {}", body.trim_end())))
        }
    })
}
