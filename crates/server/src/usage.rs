//! What the process takes of the machine, under the names that Prometheus has for it. Where there is no
//! `/proc`, only when it started.

use std::fs;

use integrations::SystemClock;
use operations::ports::Clock;
use rustix::process::{Resource, getrlimit};

use crate::measures;

/// Linux tells times of processes in hundredths of a second, on every machine.
const TICKS_PER_SECOND: u64 = 100;
/// Where the times stand after the name of the program, which may hold spaces.
const USER_TIME: usize = 11;

/// Now is when it started.
#[expect(clippy::cast_precision_loss, reason = "seconds of a clock are few")]
pub(crate) fn begin() {
    metrics::gauge!(measures::START_TIME).set(SystemClock.now().as_seconds() as f64);
}

pub(crate) fn tell() {
    let read = |name: &str| fs::read_to_string(format!("/proc/self/{name}")).ok();
    if let Some(seconds) = read("stat").as_deref().and_then(processor_seconds) {
        metrics::counter!(measures::PROCESSOR_SECONDS).absolute(seconds);
    }
    if let Some(bytes) = read("status").as_deref().and_then(resident_bytes) {
        metrics::gauge!(measures::RESIDENT_MEMORY).set(bytes);
    }
    if let Ok(files) = fs::read_dir("/proc/self/fd") {
        let count = u32::try_from(files.count()).unwrap_or(u32::MAX);
        metrics::gauge!(measures::OPEN_FILES).set(count);
    }
    #[expect(clippy::cast_precision_loss, reason = "nobody may open so many files")]
    if let Some(most) = getrlimit(Resource::Nofile).current {
        metrics::gauge!(measures::MAX_FILES).set(most as f64);
    }
}

/// In user mode and in the kernel: whole ones, for counters count nothing else.
fn processor_seconds(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut times = after_name.split_whitespace().skip(USER_TIME);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

fn resident_bytes(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}
