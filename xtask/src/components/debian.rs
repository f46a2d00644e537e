//! Programs from Debian's packages, installed where they are missing.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::environment;
use crate::process::Interrupt;

/// What `find` finds, after installing the package if need be.
pub(super) fn ensure<T>(
    package: &str,
    interrupt: &Interrupt,
    find: impl Fn() -> Option<T>,
) -> Result<T> {
    ensure_all(&[package], interrupt, find)
}

/// The same for what needs several packages.
pub(super) fn ensure_all<T>(
    packages: &[&str],
    interrupt: &Interrupt,
    find: impl Fn() -> Option<T>,
) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let names = packages.join(" ");
    eprintln!("installing from Debian: {names}");
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    apt_get(&["update"], interrupt)
        .and_then(|()| apt_get(&install, interrupt))
        .with_context(|| format!("install yourself: `{names}`"))?;
    find().with_context(|| format!("installed, but nothing usable was found: `{names}`"))
}

fn apt_get(arguments: &[&str], interrupt: &Interrupt) -> Result<()> {
    let apt_get = environment::program("apt-get").context("this is not Debian: no apt-get")?;
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("env")
    } else {
        let sudo = environment::program("sudo").context("neither root nor sudo")?;
        let mut command = Command::new(sudo);
        command.arg("env");
        command
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").arg(apt_get);
    // Another run may hold dpkg's lock; it will be done soon.
    command.args(["-q", "-o", "DPkg::Lock::Timeout=600"]).args(arguments);
    // Standard output may be read by a program. Not `process::run`: in a group of its own sudo
    // could not ask for a password.
    command.stdout(std::io::stderr());
    let status = command.status().context("start apt-get")?;
    interrupt.check()?;
    ensure!(status.success(), "apt-get {}: {status}", arguments.join(" "));
    Ok(())
}
