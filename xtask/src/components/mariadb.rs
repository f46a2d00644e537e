//! MariaDB: a server whose user `app` may do anything, so that each test makes its own database.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use rustix::process::Signal;

use super::server::Site;
use super::unprivileged::User;
use super::{Backend, Component, Running, compose, debian};
use crate::environment;
use crate::process::Interrupt;

pub(super) const COMPONENT: Component = Component {
    name: "MariaDB",
    variable: "VESTIBULE_TEST_MYSQL_URL",
    backend: Some(Backend::Mysql),
    compose: Some(compose::Service {
        name: "mariadb",
        port_variable: "DEV_MARIADB_PORT",
        // In the image only root may make databases.
        url: |port| format!("mysql://root:app@127.0.0.1:{port}/app"),
    }),
    private,
};

/// Run by the server itself before it lets anybody in.
const FIRST_STATEMENTS: &str = "\
CREATE DATABASE app;
CREATE USER app@'127.0.0.1' IDENTIFIED BY 'app';
GRANT ALL ON *.* TO app@'127.0.0.1';
";

struct Programs {
    install: PathBuf,
    server: PathBuf,
    client: PathBuf,
}

fn private(interrupt: &Interrupt) -> Result<Running> {
    let programs = debian::ensure("mariadb-server", interrupt, Programs::find)?;
    let site = Site::prepare(User::named("mysql")?, "mariadb")?;
    let (data, port) = (site.path("data"), site.port);

    let mut install = site.command(&programs.install);
    install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
    site.step(install.arg(format!("--datadir={}", data.display())), interrupt)?;

    let first_statements = site.path("first.sql");
    fs::write(&first_statements, FIRST_STATEMENTS).context("write the first statements")?;

    let mut server = site.command(&programs.server);
    server.arg("--no-defaults").args([
        format!("--datadir={}", data.display()),
        format!("--socket={}", site.path("s").display()),
        format!("--pid-file={}", site.path("pid").display()),
        format!("--init-file={}", first_statements.display()),
        format!("--port={port}"),
    ]);
    server.args([
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--max-connections=500",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=64M",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
    ]);
    let mut ready = site.command(&programs.client);
    ready.args(["--no-defaults", "-h127.0.0.1", &format!("-P{port}"), "-uapp", "-papp"]);
    ready.args(["app", "-e", "SELECT 1"]);

    // One process whose data nobody keeps: there is nothing to shut down in order.
    let server = site.serve(&mut server, &mut ready, Signal::KILL, interrupt)?;
    Ok(Running::guarded(format!("mysql://app:app@127.0.0.1:{port}/app"), server))
}

impl Programs {
    fn find() -> Option<Self> {
        Some(Self {
            install: environment::program("mariadb-install-db")?,
            server: environment::program("mariadbd")?,
            client: environment::program("mariadb")?,
        })
    }
}
