//! Python with what judges our mail and events independently of us: an HTML parser, an SMTP server, and
//! the SDK of CloudEvents. Nothing runs here: tests start it themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::{Component, Running, debian};
use crate::environment;
use crate::process::{self, Interrupt};

const PACKAGES: &[&str] = &["python3", "python3-aiosmtpd", "python3-html5lib"];
const SDK_VERSION: &str = "2.2.0";

pub(super) const COMPONENT: Component = Component {
    name: "Python",
    variable: "VESTIBULE_TEST_PYTHON",
    backend: None,
    compose: None,
    private: |interrupt| {
        let program = debian::ensure_all(PACKAGES, interrupt, interpreter)?;
        Ok(Running::borrowed(program.display().to_string()))
    },
};

/// The folder with the SDK.
pub(super) const CLOUD_EVENTS: Component = Component {
    name: "the SDK of CloudEvents",
    variable: "VESTIBULE_TEST_CLOUDEVENTS",
    backend: None,
    compose: None,
    private: |interrupt| Ok(Running::borrowed(cloud_events(interrupt)?.display().to_string())),
};

/// The first interpreter that has both. Another one may stand before Debian's on the path, and does
/// not see Debian's packages.
fn interpreter() -> Option<PathBuf> {
    environment::programs("python3").find(|program| imports(program, "import aiosmtpd, html5lib"))
}

fn imports(program: &Path, modules: &str) -> bool {
    let mut python = Command::new(program);
    python.args(["-c", modules]);
    python.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}

/// Fetched once; Debian has no package of it.
fn cloud_events(interrupt: &Interrupt) -> Result<PathBuf> {
    let tools = environment::target_directory().join("tools");
    let folder = tools.join(format!("cloudevents-{SDK_VERSION}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    let python = debian::ensure("python3-pip", interrupt, || {
        environment::programs("python3").find(|program| imports(program, "import pip"))
    })?;
    fs::create_dir_all(&tools).context("make a folder for tools")?;
    let fetched = tempfile::tempdir_in(&tools).context("make a folder for the SDK")?;
    eprintln!("fetching the SDK of CloudEvents {SDK_VERSION} with pip");
    let mut fetch = Command::new(python);
    fetch.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    fetch.args(["--root-user-action", "ignore", "--target"]).arg(fetched.path().join("sdk"));
    fetch.arg(format!("cloudevents=={SDK_VERSION}")).stdout(std::io::stderr());
    let status = process::run(&mut fetch, interrupt)?;
    ensure!(status.success(), "pip could not fetch the SDK of CloudEvents: {status}");
    // Whole or not at all, also when two runs fetch it at once.
    match fs::rename(fetched.path().join("sdk"), &folder) {
        Err(error) if !folder.is_dir() => Err(error).context("keep the SDK of CloudEvents"),
        Ok(()) | Err(_) => Ok(folder),
    }
}
