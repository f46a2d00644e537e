//! People who sign in at a steady rate, and what becomes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::json;

use super::WARM_UP;

const PASSWORD: &str = "a quiet harbour at dawn";
/// Each with a connection of its own.
const CROWDS: u32 = 8;
const ACCOUNTS: u32 = 400;

pub(super) struct People {
    is_over: Arc<AtomicBool>,
    crowds: Vec<JoinHandle<Vec<Attempt>>>,
    begun: Instant,
}

struct Attempt {
    at: Instant,
    took: Duration,
    is_good: bool,
}

pub(super) struct Outcome {
    pub(super) count: usize,
    pub(super) errors: usize,
    /// How long the slowest hundredth took at least, in milliseconds.
    pub(super) before: f64,
    pub(super) during: f64,
}

impl People {
    pub(super) fn begin(port: u16, rate: u32) -> Result<Self> {
        for number in 0..ACCOUNTS {
            let name = format!("user{number}");
            let body = json!({ "username": name, "password": PASSWORD });
            let answer = send(port, "/api/v1/auth/register", &body);
            ensure!(answer, "{name} could not be registered");
        }
        let is_over = Arc::<AtomicBool>::default();
        let gap = Duration::from_secs(1) * CROWDS / rate.max(1);
        let crowds = (0..CROWDS).map(|crowd| {
            let is_over = Arc::clone(&is_over);
            thread::spawn(move || sign_in(port, crowd, gap, &is_over))
        });
        Ok(Self { crowds: crowds.collect(), is_over, begun: Instant::now() })
    }

    pub(super) fn finish(self) -> Result<Outcome> {
        self.is_over.store(true, Ordering::Relaxed);
        let mut attempts = Vec::new();
        for crowd in self.crowds {
            attempts.extend(crowd.join().map_err(|_| anyhow!("a crowd gave up"))?);
        }
        let (before, during): (Vec<_>, Vec<_>) =
            attempts.iter().partition(|attempt| attempt.at < self.begun + WARM_UP);
        Ok(Outcome {
            count: attempts.len(),
            errors: attempts.iter().filter(|attempt| !attempt.is_good).count(),
            before: slowest_hundredth(&before).context("nobody signed in before")?,
            during: slowest_hundredth(&during).context("nobody signed in")?,
        })
    }
}

/// Whoever is late makes up for it, so that the rate holds while the server is slow.
fn sign_in(port: u16, crowd: u32, gap: Duration, is_over: &AtomicBool) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let mut due = Instant::now();
    let mine = (0..ACCOUNTS).filter(|number| number % CROWDS == crowd);
    for number in mine.collect::<Vec<_>>().iter().cycle() {
        due += gap;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let body = json!({ "identifier": format!("user{number}"), "password": PASSWORD });
        let at = Instant::now();
        let is_good = send(port, "/api/v1/auth/login", &body);
        attempts.push(Attempt { at, took: at.elapsed(), is_good });
    }
    attempts
}

fn send(port: u16, path: &str, body: &serde_json::Value) -> bool {
    let url = format!("http://127.0.0.1:{port}{path}");
    ureq::post(url).content_type("application/json").send(body.to_string()).is_ok()
}

fn slowest_hundredth(attempts: &[&Attempt]) -> Option<f64> {
    let mut times: Vec<Duration> = attempts.iter().map(|attempt| attempt.took).collect();
    times.sort_unstable();
    let at = (times.len() * 99 / 100).min(times.len().checked_sub(1)?);
    Some(times[at].as_secs_f64() * 1000.0)
}
