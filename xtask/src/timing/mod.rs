//! `cargo xtask timing`: does the time of an answer tell which accounts there are? The protocol of
//! the security requirements: classes of requests that must be answered alike are sent in random
//! order to a server of their own, and compared.

mod accounts;
mod administrator;
mod connection;
mod load;
mod measure;
mod names;
mod random;
mod report;
mod sameness;
mod server;
mod statistics;
mod surfaces;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::environment;
use crate::process::Interrupt;

use accounts::Group;
use load::Load;
use measure::Sample;
use names::Names;
use random::Random;
use server::Server;
use surfaces::{SURFACES, Standing, Surface};

/// Requests of each class before those that count: caches fill, threads start.
const WARM_UP: usize = 50;
/// Enough that none of them signs in so often that anything is counted against it.
const BACKGROUND_ACCOUNTS: usize = 40;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The binary to measure [default: target/release/vestibule]
    #[arg(long)]
    server: Option<PathBuf>,
    /// Requests of each class that count
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    rounds: u16,
    /// Measure while people sign in, at half of what the server can do
    #[arg(long)]
    load: bool,
    /// Only this surface; may be given more than once
    #[arg(long, value_parser = surfaces::names())]
    only: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let binary = environment::server_to_measure(options.server.as_deref())?;
    let interrupt = Interrupt::watch()?;
    let only = &options.only;
    let mut is_passed = true;
    for surface in SURFACES {
        if only.is_empty() || only.iter().any(|name| name == surface.name) {
            let samples = take(&binary, surface, options, &interrupt)
                .with_context(|| format!("measure {}", surface.name))?;
            is_passed &= report::print(surface, &samples, options.load);
        }
    }
    Ok(if is_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// On a server that serves nothing else, so that no surface disturbs the next.
fn take(
    binary: &Path,
    surface: &Surface,
    options: &Options,
    interrupt: &Interrupt,
) -> Result<Vec<Sample>> {
    let total = WARM_UP + usize::from(options.rounds);
    let mut random = Random::unpredictable();
    let mut names = Names::new(&mut random);
    let server = Server::start(binary, interrupt)?;
    let count = total.div_ceil(surface.uses);
    let mut groups: Vec<_> = surface
        .standings
        .iter()
        .map(|standing| Group::new(&mut names, *standing, surface.needs_password, count))
        .collect();
    if options.load {
        groups.push(Group::new(&mut names, Standing::Known, true, BACKGROUND_ACCOUNTS));
    }
    eprintln!("{}: preparing {count} accounts of each class", surface.name);
    accounts::make(&server, &groups, &mut random, interrupt)?;
    let background = if options.load { groups.pop() } else { None };
    eprintln!("{}: waiting until the server is idle", surface.name);
    server.wait_until_idle(interrupt)?;

    let load = match &background {
        Some(group) => Some(Load::at_half(&server, &group.emails, &mut random, interrupt)?),
        None => None,
    };
    eprintln!("{}: sending {} requests", surface.name, total * groups.len());
    let samples = measure::take(server.port, surface, &groups, total, &mut random, interrupt)?;
    if let Some(load) = load {
        load.finish()?;
    }
    Ok(samples)
}
