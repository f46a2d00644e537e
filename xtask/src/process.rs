//! Child processes that end when we are told to end.
//!
//! Every child leads a process group of its own: a Ctrl-C in the terminal reaches only us, and we
//! end the children with all their descendants, in our order.

use std::fmt;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

const GLANCE: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(10);

/// Set by Ctrl-C, SIGTERM and a closed terminal. Those who wait look at it.
#[derive(Clone)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

/// The error of work that was given up because of a signal.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

impl Interrupt {
    pub(crate) fn watch() -> Result<Self> {
        let happened = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&happened))
                .context("watch for signals")?;
        }
        Ok(Self(happened))
    }

    /// Fails once a signal has come.
    pub(crate) fn check(&self) -> Result<()> {
        if self.0.load(Ordering::Relaxed) { Err(Interrupted.into()) } else { Ok(()) }
    }

    /// Asks `ready` until it says yes; fails on a signal, or when `limit` has passed.
    pub(crate) fn wait_until(
        &self,
        limit: Duration,
        mut ready: impl FnMut() -> Result<bool>,
    ) -> Result<()> {
        let begun = Instant::now();
        while !ready()? {
            self.check()?;
            anyhow::ensure!(begun.elapsed() < limit, "not ready after {} s", limit.as_secs());
            thread::sleep(GLANCE);
        }
        Ok(())
    }
}

pub(crate) fn spawn(command: &mut Command) -> Result<Child> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.process_group(0).spawn().with_context(|| format!("start {program}"))
}

/// Runs a command to its end; a signal to us ends it and its descendants early.
pub(crate) fn run(command: &mut Command, interrupt: &Interrupt) -> Result<ExitStatus> {
    let mut child = spawn(command)?;
    loop {
        if let Some(status) = child.try_wait().context("wait for a child process")? {
            return Ok(status);
        }
        if let Err(interrupted) = interrupt.check() {
            end(&mut child, Signal::TERM).context("end a child process")?;
            return Err(interrupted);
        }
        thread::sleep(GLANCE);
    }
}

/// Ends a child and its group: with `signal`, and by force when that does not help.
pub(crate) fn end(child: &mut Child, signal: Signal) -> io::Result<()> {
    let group = Pid::from_child(child);
    let begun = Instant::now();
    // An error here means that nobody is left, which the loop sees as well.
    let _ = kill_process_group(group, signal);
    loop {
        // A child that nobody has waited for still counts as a member of its group.
        child.try_wait()?;
        if test_kill_process_group(group).is_err() {
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            let _ = kill_process_group(group, Signal::KILL);
            return child.wait().map(drop);
        }
        thread::sleep(GLANCE);
    }
}
