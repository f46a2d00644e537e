//! The system user that a server runs as when we are root: database servers refuse to be root.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

#[derive(Clone, Copy)]
pub(super) struct User {
    /// User and group; none means that we are not root and stay who we are.
    ids: Option<(u32, u32)>,
}

impl User {
    /// The named user of this machine, or ourselves when we are not root.
    pub(super) fn named(name: &str) -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { ids: None });
        }
        let users = fs::read_to_string("/etc/passwd").context("read /etc/passwd")?;
        let ids = ids_of(&users, name).with_context(|| format!("no system user `{name}`"))?;
        Ok(Self { ids: Some(ids) })
    }

    /// For what does not mind to be run by root.
    pub(super) const fn ourselves() -> Self {
        Self { ids: None }
    }

    pub(super) fn own(self, folder: &Path) -> Result<()> {
        let Some((user, group)) = self.ids else { return Ok(()) };
        chown(folder, Some(user), Some(group)).with_context(|| format!("own {}", folder.display()))
    }

    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.ids {
            command.uid(user).gid(group);
        }
        command
    }
}

fn ids_of(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    let _password = fields.next()?;
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
