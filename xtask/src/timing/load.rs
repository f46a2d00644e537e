//! People who sign in meanwhile, at half of what the server can do: secrets may show only where
//! requests wait for each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::json;

use super::connection::Connection;
use super::random::Random;
use super::server::Server;
use super::surfaces::PASSWORD;
use crate::process::Interrupt;

/// For so long as many sign in as can.
const TRIAL: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

/// Ended when dropped; a failure of one of them is told by [`Load::finish`].
pub(super) struct Load {
    is_over: Arc<AtomicBool>,
    count: Arc<AtomicU32>,
    people: Vec<JoinHandle<Result<()>>>,
}

impl Load {
    pub(super) fn at_half(
        server: &Server,
        emails: &[String],
        random: &mut Random,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let trial = Self::begin(server.port, emails, None, random);
        let begun = Instant::now();
        interrupt.wait_until(TRIAL * 2, || Ok(begun.elapsed() > TRIAL))?;
        let count = trial.finish()?;
        let capacity = f64::from(count) / begun.elapsed().as_secs_f64();
        ensure!(capacity > 0.0, "nobody could sign in");
        let rate = capacity / 2.0;
        eprintln!("{capacity:.1} sign-ins a second at most, {rate:.1} from now on");
        Ok(Self::begin(server.port, emails, Some(rate), random))
    }

    /// At `rate` sign-ins a second, or as many as can.
    fn begin(port: u16, emails: &[String], rate: Option<f64>, random: &mut Random) -> Self {
        let (is_over, count) = (Arc::default(), Arc::default());
        // Enough that a core never waits for a client.
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let size = emails.len().div_ceil(cores * 2);
        let crowds: Vec<_> = emails.chunks(size.max(1)).map(<[String]>::to_vec).collect();
        let crowd_count = f64::from(u32::try_from(crowds.len()).unwrap_or(u32::MAX));
        let people = crowds.into_iter().map(|crowd| {
            let pace = Pace { rate: rate.map(|rate| rate / crowd_count), random: random.fork() };
            let (is_over, count) = (Arc::clone(&is_over), Arc::clone(&count));
            thread::spawn(move || sign_in(port, &crowd, pace, &is_over, &count))
        });
        let people = people.collect();
        Self { is_over, count, people }
    }

    /// Answers how many signed in.
    pub(super) fn finish(mut self) -> Result<u32> {
        self.is_over.store(true, Ordering::Relaxed);
        for person in self.people.drain(..) {
            person.join().map_err(|_| anyhow!("gave up"))?.context("sign in meanwhile")?;
        }
        Ok(self.count.load(Ordering::Relaxed))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

struct Pace {
    rate: Option<f64>,
    random: Random,
}

impl Pace {
    /// As long as between people who know nothing of each other.
    fn gap(&mut self) -> Duration {
        let Some(rate) = self.rate else { return Duration::ZERO };
        Duration::from_secs_f64(-self.random.fraction().ln() / rate)
    }
}

/// Whoever is late makes up for it, so that the rate holds while the server is slow.
fn sign_in(
    port: u16,
    emails: &[String],
    mut pace: Pace,
    is_over: &AtomicBool,
    count: &AtomicU32,
) -> Result<()> {
    let mut connection = Connection::open(port)?;
    let mut due = Instant::now();
    for email in emails.iter().cycle() {
        due += pace.gap();
        loop {
            if is_over.load(Ordering::Relaxed) {
                return Ok(());
            }
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            thread::sleep(left.min(PAUSE));
        }
        let body = json!({ "identifier": email, "password": PASSWORD }).to_string();
        let (answer, _) = connection.post("/api/v1/auth/login", &body)?;
        ensure!(answer.status == 200, "instead of a session came {}", answer.told());
        count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}
