//! `vestibule serve`, `vestibule worker`

use clap::Args;

use super::block_on;
use super::outcome::Outcome;
use crate::config::{Flag, Settings};
use crate::{serve as server, telemetry};

#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    /// Address and port to listen on, such as 127.0.0.1:8000
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,

    /// Leave background jobs to `vestibule worker`
    #[arg(long)]
    no_worker: bool,
}

impl Serve {
    pub(super) fn flags(&self) -> Vec<Flag> {
        let listen = self.listen.as_deref().map(listen_flag);
        let worker = self.no_worker.then(|| Flag {
            name: "--no-worker",
            key: "jobs.worker",
            value: "false".to_owned(),
        });
        listen.into_iter().chain(worker).collect()
    }
}

/// Who asks how it is takes the same.
pub(super) fn listen_flag(address: &str) -> Flag {
    Flag { name: "--listen", key: "http.listen", value: address.to_owned() }
}

pub(super) fn serve(settings: &Settings) -> Outcome {
    let _log = telemetry::log(&settings.log)?;
    block_on(async { Ok(Box::pin(server::serve(settings)).await?) })
}

pub(super) fn worker(settings: &Settings) -> Outcome {
    let _log = telemetry::log(&settings.log)?;
    block_on(async { Ok(server::worker(settings).await?) })
}
