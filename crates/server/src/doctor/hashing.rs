//! What does a password hash cost on this machine?

use std::time::{Duration, Instant};

use domain::Password;
use operations::passwords::hashing::HashError;

use super::finding::Finding;
use crate::assemble::{World, passwords};
use crate::config::{Passwords, Profile};

const CHECK: &str = "hashing";
/// People feel it, and a few sign-ins at once keep a core busy for a second.
const SLOW: Duration = Duration::from_millis(250);
const HASHES: u32 = 3;

pub(super) async fn check(settings: &Passwords, profile: Profile) -> Finding {
    let mend = "change the costs in the section [passwords]";
    let took = match measure(settings, profile).await {
        Ok(took) => took,
        Err(error) => return Finding::problem(CHECK, format!("{error:#}"), mend),
    };
    let seconds = took.as_secs_f64();
    let (each, rate) = (seconds * 1000.0, 1.0 / seconds.max(f64::EPSILON));
    let threads = settings.threads;
    let says = format!("{each:.1} ms a hash, {rate:.0} a second and core, {threads} at once");
    if settings.hash_scheme().is_weak() {
        Finding::warning(CHECK, format!("{says}, and weak"), "leave passwords.* at their defaults")
    } else if took > SLOW {
        Finding::warning(CHECK, says, "lower the costs, or use a faster machine")
    } else {
        Finding::ok(CHECK, says)
    }
}

/// The fastest of a few: what the hash costs, not what else the machine does.
async fn measure(settings: &Passwords, profile: Profile) -> anyhow::Result<Duration> {
    let alone = Passwords { threads: 1, ..settings.clone() };
    let hasher = passwords(&alone, profile, &World::system())?;
    let password = Password::new("how long does this take");
    let mut fastest = Duration::MAX;
    // The first one waits for the thread to get ready.
    for round in 0..=HASHES {
        let started = Instant::now();
        hasher.hash(&password).await.map_err(|error: HashError| anyhow::anyhow!(error))?;
        if round > 0 {
            fastest = fastest.min(started.elapsed());
        }
    }
    Ok(fastest)
}
