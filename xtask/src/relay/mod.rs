//! `cargo xtask relay`: what an outage of Kafka costs, and how fast what waited is relayed afterwards
//! . People sign in at a steady rate; the broker comes only after the outage.

mod people;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::components;
use crate::environment;
use crate::process::Interrupt;

use people::People;
use server::{Server, Status};

/// Caches fill, connections open: what is held then is compared with what is held after the outage.
const WARM_UP: Duration = Duration::from_secs(15);
const DRAIN_LIMIT: Duration = Duration::from_mins(20);
/// As fast as others may ask for it.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// What waits must be relayed at so many times the rate at which it came.
const LEAST_RATIO: f64 = 3.0;
/// More memory than before, at most.
const MOST_MIB: f64 = 50.0;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The binary to measure [default: target/release/vestibule]
    #[arg(long)]
    server: Option<PathBuf>,
    /// The database [default: a new SQLite file]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How long there is no broker
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    outage: u64,
    /// Sign-ins a second
    #[arg(long, default_value_t = 200)]
    rate: u32,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let binary = environment::server_to_measure(options.server.as_deref())?;
    let interrupt = Interrupt::watch()?;
    let port = components::free_port()?;
    let server = Server::start(&binary, options.database.as_deref(), port, &interrupt)?;
    let people = People::begin(server.port, options.rate)?;
    let wait = |time: Duration| {
        let begun = Instant::now();
        interrupt.wait_until(time * 2, || Ok(begun.elapsed() >= time))
    };
    wait(WARM_UP)?;
    let before = server.resident_mib()?;
    eprintln!("no broker for {} s, at {} sign-ins a second", options.outage, options.rate);
    wait(Duration::from_secs(options.outage))?;
    let held = server.resident_mib()? - before;
    let waiting = server.status()?.lag;

    eprintln!("{waiting} events wait; starting a broker");
    let _broker = components::broker(port, &interrupt)?;
    let begun = Begun::watch(&server, &interrupt)?;
    let (drained, took) = begun.until_drained(&server, f64::from(options.rate), &interrupt)?;
    let people = people.finish()?;

    let speed = drained / took.as_secs_f64();
    let ratio = speed / f64::from(options.rate);
    println!("signed in          {} people, {} errors", people.count, people.errors);
    println!(
        "slowest hundredth  {:.0} ms before, {:.0} ms during the outage",
        people.before, people.during
    );
    println!("memory             {held:+.1} MiB over the outage (at most {MOST_MIB:+.0})");
    println!(
        "relayed            {drained:.0} events in {:.1} s: {speed:.0} a second",
        took.as_secs_f64()
    );
    println!("ratio              {ratio:.1} times the inflow (at least {LEAST_RATIO:.0})");
    let is_passed = people.errors == 0 && held <= MOST_MIB && ratio >= LEAST_RATIO;
    Ok(if is_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// When the first of what waited was taken, and how far that was.
struct Begun {
    at: Instant,
    position: i64,
}

impl Begun {
    fn watch(server: &Server, interrupt: &Interrupt) -> Result<Self> {
        let mut begun = None;
        interrupt.wait_until(DRAIN_LIMIT, || {
            let Status { position, .. } = server.status()?;
            begun = (position > 0).then(|| Self { at: Instant::now(), position });
            std::thread::sleep(LOOK_EVERY);
            Ok(begun.is_some())
        })?;
        begun.context("nothing was relayed")
    }

    /// Until no more waits than comes in a second; how many events that were, and how long it took.
    fn until_drained(
        &self,
        server: &Server,
        inflow: f64,
        interrupt: &Interrupt,
    ) -> Result<(f64, Duration)> {
        let mut last = None;
        interrupt.wait_until(DRAIN_LIMIT, || {
            let status = server.status()?;
            last = Some((status.position, Instant::now()));
            std::thread::sleep(LOOK_EVERY);
            #[expect(clippy::cast_precision_loss, reason = "nobody counts so many events")]
            let lag = status.lag as f64;
            Ok(lag <= inflow)
        })?;
        let (position, at) = last.context("nobody looked")?;
        ensure!(position > self.position, "everything was relayed before anybody could look");
        #[expect(clippy::cast_precision_loss, reason = "nobody counts so many events")]
        let drained = (position - self.position) as f64;
        Ok((drained, at.duration_since(self.at)))
    }
}
