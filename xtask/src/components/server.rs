//! A private server: a folder of its own, a free loopback port, and a certain end.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use super::unprivileged::User;
use crate::process::{self, Interrupt};

/// Every user may enter it, and its name is short: the path of a Unix socket ends at 107 bytes.
const PARENT: &str = "/tmp";
const START_LIMIT: Duration = Duration::from_mins(1);

/// The folder, the port and the user that a server is prepared with.
pub(super) struct Site {
    pub(super) port: u16,
    folder: TempDir,
    user: User,
}

/// A running server: ended by its pid and its folder removed when dropped.
pub(super) struct Server {
    child: Child,
    last_signal: Signal,
    folder: Option<TempDir>,
}

pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
    Ok(listener.local_addr().context("find a free port")?.port())
}

impl Site {
    pub(super) fn prepare(user: User, name: &str) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(&format!("vestibule-{name}-"))
            .tempdir_in(PARENT)
            .with_context(|| format!("make a folder for {name}"))?;
        user.own(folder.path())?;
        Ok(Self { port: free_port()?, folder, user })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs one step of the preparation as the server's user.
    pub(super) fn step(&self, command: &mut Command, interrupt: &Interrupt) -> Result<()> {
        let log = self.log("prepare.log", command)?;
        let status = process::run(command, interrupt)?;
        if !status.success() {
            let program = command.get_program().to_string_lossy().into_owned();
            bail!("{program}: {status}\n{}", last_lines(&log));
        }
        Ok(())
    }

    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = self.user.command(program);
        command.current_dir(self.folder.path());
        command
    }

    /// Starts the server and waits until the command `ready` succeeds.
    pub(super) fn serve(
        self,
        server: &mut Command,
        ready: &mut Command,
        last_signal: Signal,
        interrupt: &Interrupt,
    ) -> Result<Server> {
        let log = self.log("server.log", server)?;
        ready.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = process::spawn(server)?;
        let mut running = Server { child, last_signal, folder: Some(self.folder) };
        interrupt
            .wait_until(START_LIMIT, || {
                if let Some(status) = running.child.try_wait().context("look at the server")? {
                    bail!("ended early, {status}");
                }
                Ok(ready.status().context("ask the server")?.success())
            })
            .with_context(|| format!("start the server\n{}", last_lines(&log)))?;
        Ok(running)
    }

    fn log(&self, name: &str, command: &mut Command) -> Result<PathBuf> {
        let path = self.path(name);
        let file = File::create(&path).with_context(|| format!("write {}", path.display()))?;
        let again = file.try_clone().context("write a log twice")?;
        command.stdin(Stdio::null()).stdout(file).stderr(again);
        Ok(path)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = process::end(&mut self.child, self.last_signal) {
            eprintln!("could not end process {}: {error}", self.child.id());
        }
        // After the server, which would write into it.
        if let Some(Err(error)) = self.folder.take().map(TempDir::close) {
            eprintln!("could not remove a server's folder: {error}");
        }
    }
}

pub(crate) fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
