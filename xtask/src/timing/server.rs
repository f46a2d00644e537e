//! The server that is measured: hardened, in a folder of its own, at a free port.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use super::surfaces::PASSWORD;
use crate::components::{free_port, last_lines};
use crate::environment;
use crate::process::{self, Interrupt};

pub(super) const ADMINISTRATOR: &str = "measurer";
const LOG: &str = "server.log";
const MAILS: &str = "data/mail";
const START_LIMIT: Duration = Duration::from_mins(1);
/// What was sent to an address when it was registered keeps it from a second mail for a minute.
const MINUTE: Duration = Duration::from_secs(62);
const IDLE_LIMIT: Duration = Duration::from_mins(10);
/// Longer than the worker takes to look again.
const SILENCE: Duration = Duration::from_secs(4);

/// What `hardened` means where it is a setting, and limits of an address that one client, which
/// stands for thousands, never meets. They are counted all the same.
const SETTINGS: [(&str, &str); 17] = [
    ("VESTIBULE_ACCOUNTS__REGISTRATION_REVEALS", "false"),
    ("VESTIBULE_ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true"),
    ("VESTIBULE_DIALECTS__USER_MANAGEMENT__PROFILE", "hardened"),
    ("VESTIBULE_DIALECTS__JWT_ACCOUNTS__PROFILE", "hardened"),
    ("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened"),
    ("VESTIBULE_LIMITS__REGISTER", "1000000/min"),
    ("VESTIBULE_LIMITS__REGISTER_ALL", "1000000/min"),
    ("VESTIBULE_LIMITS__REGISTER_ALL_HARDENED", "1000000/min"),
    ("VESTIBULE_LIMITS__LOGIN", "1000000/min"),
    ("VESTIBULE_LIMITS__LOGIN_FAILURES", "1000000/min"),
    ("VESTIBULE_LIMITS__SEND_CODE", "1000000/min"),
    ("VESTIBULE_LIMITS__RECOVER", "1000000/min"),
    ("VESTIBULE_LIMITS__RESTORE", "1000000/min"),
    ("VESTIBULE_LIMITS__ADMIN", "1000000/min"),
    ("VESTIBULE_ADMIN__USERNAME", ADMINISTRATOR),
    ("VESTIBULE_ADMIN__PASSWORD", PASSWORD),
    ("VESTIBULE_LOG__LEVEL", "warn"),
];

/// Ended, and its folder removed, when dropped.
pub(super) struct Server {
    pub(super) port: u16,
    child: Child,
    folder: TempDir,
}

impl Server {
    pub(super) fn start(binary: &Path, interrupt: &Interrupt) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("vestibule-timing-").tempdir();
        let folder = folder.context("make a folder for the server")?;
        let port = free_port()?;
        let log = folder.path().join(LOG);
        let file = File::create(&log).context("write the server's log")?;
        let mut command = Command::new(binary);
        // Not what the developer has set for a server of his own.
        for name in environment::names_with_prefix("VESTIBULE_") {
            command.env_remove(name);
        }
        command
            .current_dir(folder.path())
            .envs(SETTINGS)
            .env("VESTIBULE_HTTP__LISTEN", format!("127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stderr(file.try_clone().context("write the log twice")?)
            .stdout(file);
        let mut server = Self { port, child: process::spawn(&mut command)?, folder };
        interrupt
            .wait_until(START_LIMIT, || {
                if let Some(status) = server.child.try_wait().context("look at the server")? {
                    bail!("ended early, {status}");
                }
                Ok(ureq::get(server.url("/readyz")).call().is_ok())
            })
            .with_context(|| format!("start {}\n{}", binary.display(), last_lines(&log)))?;
        Ok(server)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// After the minute of the addresses, and once no more mails come: the worker has done what the
    /// preparation left to it.
    pub(super) fn wait_until_idle(&self, interrupt: &Interrupt) -> Result<()> {
        let mails = self.folder.path().join(MAILS);
        let count = || fs::read_dir(&mails).map_or(0, Iterator::count);
        let begun = Instant::now();
        let (mut known, mut since) = (count(), Instant::now());
        interrupt
            .wait_until(IDLE_LIMIT, || {
                let now = count();
                if now != known {
                    (known, since) = (now, Instant::now());
                }
                Ok(begun.elapsed() > MINUTE && since.elapsed() > SILENCE)
            })
            .context("wait until the worker has nothing to do")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = process::end(&mut self.child, Signal::TERM) {
            eprintln!("could not end process {}: {error}", self.child.id());
        }
    }
}
