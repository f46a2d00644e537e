//! `[jobs]`: the workers that send mail, erase accounts and tidy up.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use operations::jobs::{Cron, Schedules, WorkerSettings};

use super::http::address;
use super::reader::Reader;
use super::written::quoted;
use super::{Http, Mail};

#[derive(Clone, Debug)]
pub struct Jobs {
    /// Whether `serve` runs workers inside.
    pub worker: bool,
    /// Where a process that only works says how it is.
    pub listen: Option<SocketAddr>,
    pub settings: WorkerSettings,
}

impl Jobs {
    pub(super) fn read(reader: &mut Reader, http: &Http, mail: &Mail) -> Self {
        let interval = Duration::from_millis(10)..=Duration::from_mins(1);
        // Shorter ones end while a slow database still answers.
        let lease = Duration::from_secs(4)..=Duration::from_hours(1);
        let jobs = Self {
            worker: reader.boolean("jobs.worker"),
            listen: reader.optional_parsed("jobs.listen", "IP address and port", address),
            settings: WorkerSettings {
                poll_interval: reader.duration("jobs.poll_interval", interval),
                concurrency: reader.integer("jobs.concurrency", 1..=256),
                lease: reader.duration("jobs.lease", lease),
                schedules: Schedules {
                    sweep: reader.parsed("jobs.sweep", "schedule", cron),
                    check_keys: reader.parsed("jobs.check_keys", "schedule", cron),
                },
            },
        };
        if let Some(address) = jobs.listen {
            http.ensure_reached_by_few(reader, "jobs.listen", address);
        }
        // What is cut off while it is handed over is handed over again.
        if jobs.settings.lease * 3 / 4 <= mail.longest_delivery() {
            let says = "must be longer: a mail may take four times mail.timeout, and no job runs \
                        longer than three quarters of the lease";
            reader.refuse("jobs.lease", says);
        }
        jobs
    }
}

fn cron(text: &str) -> Result<Cron, String> {
    Cron::from_str(text)
        .map_err(|error| format!("{} is no schedule such as \"0 * * * *\": {error}", quoted(text)))
}
