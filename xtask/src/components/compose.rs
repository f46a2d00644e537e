//! Components from the containers of `compose.dev.yaml`, when a Docker engine answers.
//!
//! Each component is a project of its own on a free port, so that test runs disturb neither each
//! other nor the containers that a developer keeps for manual work.

use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use super::Running;
use super::server::free_port;
use crate::environment;
use crate::process::{self, Interrupt};

pub(super) struct Service {
    /// The service's name in `compose.dev.yaml`.
    pub(super) name: &'static str,
    /// The variable that gives its port on this machine.
    pub(super) port_variable: &'static str,
    /// How tests reach it on that port.
    pub(super) url: fn(u16) -> String,
}

/// Containers that are removed with their data when dropped.
struct Project {
    name: String,
}

/// Whether an engine and its Compose plugin are there.
pub(super) fn answers() -> bool {
    let quiet = |arguments: &[&str]| {
        let mut command = Command::new("docker");
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    quiet(&["info"]) && quiet(&["compose", "version"])
}

impl Service {
    pub(super) fn start(&self, interrupt: &Interrupt) -> Result<Running> {
        let port = free_port()?;
        let project =
            Project { name: format!("vestibule-test-{}-{}", std::process::id(), self.name) };
        let mut up = project.command();
        up.args(["up", "--detach", "--wait", "--quiet-pull", self.name])
            .env(self.port_variable, port.to_string());
        let status = process::run(&mut up, interrupt)?;
        ensure!(status.success(), "docker compose up {}: {status}", self.name);
        Ok(Running::guarded((self.url)(port), project))
    }
}

impl Project {
    fn command(&self) -> Command {
        let mut command = Command::new("docker");
        command.current_dir(environment::root());
        command.args(["compose", "--file", "compose.dev.yaml", "--project-name", &self.name]);
        command
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let mut down = self.command();
        down.args(["down", "--volumes", "--timeout", "0"]);
        // In a group of its own: a second Ctrl-C must not leave containers behind.
        let ended = process::spawn(&mut down).and_then(|mut child| Ok(child.wait()?));
        if !ended.is_ok_and(|status| status.success()) {
            eprintln!("could not remove the containers of {}", self.name);
        }
    }
}
