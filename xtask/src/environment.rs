//! What the machine tells us: variables, programs on the path, the root of the workspace, and the
//! cargo that started us.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// Debian keeps servers where the path of an ordinary user does not look.
const SYSTEM_FOLDERS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// The variable, unless it is absent or empty.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask is told by the environment which components exist"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The names of all variables that begin so.
pub(crate) fn names_with_prefix(prefix: &str) -> Vec<OsString> {
    let names = env::vars_os().map(|(name, _)| name);
    names.filter(|name| name.to_string_lossy().starts_with(prefix)).collect()
}

/// The workspace that this xtask was built in.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo builds, and where what is fetched once is kept.
pub(crate) fn target_directory() -> PathBuf {
    let given = variable("CARGO_TARGET_DIR").map(PathBuf::from);
    root().join(given.unwrap_or_else(|| PathBuf::from("target")))
}

/// The server that is measured: the one that is named, or the release build.
pub(crate) fn server_to_measure(named: Option<&Path>) -> Result<PathBuf> {
    let release = || target_directory().join("release/vestibule");
    let binary = named.map_or_else(release, Path::to_owned);
    binary.canonicalize().with_context(|| {
        let name = binary.display();
        format!("there is no {name}: build it by `cargo build --release --package server`")
    })
}

/// Finds a program on the path or among the system's servers.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    programs(name).next()
}

/// Every program of that name, in the order in which they are found.
pub(crate) fn programs(name: &str) -> impl Iterator<Item = PathBuf> {
    let path = variable("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> =
        env::split_paths(&path).chain(SYSTEM_FOLDERS.iter().map(PathBuf::from)).collect();
    folders.into_iter().map(move |folder| folder.join(name)).filter(|program| program.is_file())
}

/// The same cargo that started us, in the root of the workspace.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    command.current_dir(root());
    // `cargo run` describes the package xtask to us. Build scripts that watch these variables
    // would take the description for theirs and build everything again.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name.as_ref());
        }
    }
    command
}
