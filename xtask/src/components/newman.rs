//! Postman's collection runner, of npm: it judges the committed collection as its users' does. Nothing
//! runs here: tests start it themselves.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::{Component, Running, debian};
use crate::environment;
use crate::process::{self, Interrupt};

const VERSION: &str = "6.2.2";

/// The program.
pub(super) const COMPONENT: Component = Component {
    name: "Newman",
    variable: "VESTIBULE_TEST_NEWMAN",
    backend: None,
    compose: None,
    private: |interrupt| Ok(Running::borrowed(newman(interrupt)?.display().to_string())),
};

/// Fetched once; Debian has no package of it.
fn newman(interrupt: &Interrupt) -> Result<PathBuf> {
    let tools = environment::target_directory().join("tools");
    let folder = tools.join(format!("newman-{VERSION}"));
    let program = folder.join("node_modules/.bin/newman");
    if program.is_file() {
        return Ok(program);
    }
    let npm = debian::ensure("npm", interrupt, || environment::programs("npm").next())?;
    fs::create_dir_all(&tools).context("make a folder for tools")?;
    let fetched = tempfile::tempdir_in(&tools).context("make a folder for Newman")?;
    let whole = fetched.path().join("newman");
    fs::create_dir(&whole).context("make a folder for Newman")?;
    eprintln!("fetching Newman {VERSION} with npm");
    let mut fetch = Command::new(npm);
    fetch.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]);
    fetch.arg(&whole).arg(format!("newman@{VERSION}")).stdout(std::io::stderr());
    let status = process::run(&mut fetch, interrupt)?;
    ensure!(status.success(), "npm could not fetch Newman: {status}");
    // Whole or not at all, also when two runs fetch it at once.
    match fs::rename(&whole, &folder) {
        Err(error) if !folder.is_dir() => Err(error).context("keep Newman"),
        Ok(()) | Err(_) => Ok(program),
    }
}
