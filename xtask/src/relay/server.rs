//! The server that is measured, and what it says of its events.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::components::{free_port, last_lines};
use crate::environment;
use crate::process::{self, Interrupt};

const START_LIMIT: Duration = Duration::from_mins(1);
/// Hashing is not what is measured.
const SETTINGS: [(&str, &str); 9] = [
    ("VESTIBULE_PASSWORDS__MEMORY_KIB", "64"),
    ("VESTIBULE_PASSWORDS__ITERATIONS", "1"),
    ("VESTIBULE_LIMITS__MODE", "off"),
    ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "false"),
    ("VESTIBULE_ACCOUNTS__WELCOME_MAIL", "false"),
    ("VESTIBULE_SESSIONS__NEW_DEVICE_NOTICE", "false"),
    ("VESTIBULE_SESSIONS__MAX_PER_USER", "1000"),
    ("VESTIBULE_KAFKA__TIMEOUT", "10s"),
    ("VESTIBULE_LOG__LEVEL", "warn"),
];

/// Ended, and its folder removed, when dropped.
pub(super) struct Server {
    pub(super) port: u16,
    binary: PathBuf,
    variables: Vec<(&'static str, String)>,
    child: Child,
    folder: TempDir,
}

/// How far the stream of events is.
pub(super) struct Status {
    pub(super) position: i64,
    /// Events that wait, numbered or not.
    pub(super) lag: i64,
}

impl Server {
    pub(super) fn start(
        binary: &Path,
        database: Option<&str>,
        kafka: u16,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("vestibule-relay-").tempdir();
        let folder = folder.context("make a folder for the server")?;
        let port = free_port()?;
        let mut variables = vec![
            ("VESTIBULE_HTTP__LISTEN", format!("127.0.0.1:{port}")),
            ("VESTIBULE_KAFKA__BROKERS", format!("127.0.0.1:{kafka}")),
        ];
        variables.extend(database.map(|url| ("VESTIBULE_DATABASE__URL", url.to_owned())));
        let log = folder.path().join("server.log");
        let file = File::create(&log).context("write the server's log")?;
        let mut command = prepared(binary, &variables, &folder);
        command.stderr(file.try_clone().context("write the log twice")?).stdout(file);
        let child = process::spawn(&mut command)?;
        let mut server = Self { port, binary: binary.to_owned(), variables, child, folder };
        interrupt
            .wait_until(START_LIMIT, || {
                if let Some(status) = server.child.try_wait().context("look at the server")? {
                    bail!("ended early, {status}");
                }
                Ok(ureq::get(format!("http://127.0.0.1:{port}/readyz")).call().is_ok())
            })
            .with_context(|| format!("start {}\n{}", binary.display(), last_lines(&log)))?;
        Ok(server)
    }

    pub(super) fn status(&self) -> Result<Status> {
        let mut command = prepared(&self.binary, &self.variables, &self.folder);
        let ended = command.args(["events", "status", "--json"]).output();
        let ended = ended.context("ask for the status of events")?;
        ensure!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        let status: Value = serde_json::from_slice(&ended.stdout).context("read the status")?;
        let number = |value: &Value| value.as_i64().context("a number in the status");
        let all = number(&status["head"])? + number(&status["unnumbered"])?;
        let position = status["sinks"][0]["position"].as_i64().unwrap_or(0);
        Ok(Status { position, lag: all - position })
    }

    /// What it holds in memory.
    pub(super) fn resident_mib(&self) -> Result<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&path).with_context(|| format!("read {path}"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        Ok(kib.context("no VmRSS there")? / 1024.0)
    }
}

fn prepared(binary: &Path, variables: &[(&str, String)], folder: &TempDir) -> Command {
    let mut command = Command::new(binary);
    // Not what the developer has set for a server of his own.
    for name in environment::names_with_prefix("VESTIBULE_") {
        command.env_remove(name);
    }
    let variables = variables.iter().map(|(name, value)| (name, value));
    command.current_dir(folder.path()).envs(SETTINGS).envs(variables).stdin(Stdio::null());
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = process::end(&mut self.child, Signal::TERM) {
            eprintln!("could not end process {}: {error}", self.child.id());
        }
    }
}
