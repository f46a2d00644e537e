//! PostgreSQL: a cluster that trusts whoever reaches its loopback port and forgets on a crash.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use rustix::process::Signal;

use super::server::Site;
use super::unprivileged::User;
use super::{Backend, Component, Running, compose, debian};
use crate::environment;
use crate::process::Interrupt;

/// Debian keeps each major version apart, and none on the path.
const DEBIAN: &str = "/usr/lib/postgresql";

pub(super) const COMPONENT: Component = Component {
    name: "PostgreSQL",
    variable: "VESTIBULE_TEST_POSTGRES_URL",
    backend: Some(Backend::Postgres),
    compose: Some(compose::Service { name: "postgres", port_variable: "DEV_POSTGRES_PORT", url }),
    private,
};

fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

fn private(interrupt: &Interrupt) -> Result<Running> {
    let programs = debian::ensure("postgresql", interrupt, newest)?;
    let site = Site::prepare(User::named("postgres")?, "postgres")?;
    let (data, port) = (site.path("data"), site.port.to_string());

    let mut initdb = site.command(&programs.join("initdb"));
    initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    site.step(initdb.arg("-D").arg(&data), interrupt)?;

    let mut server = site.command(&programs.join("postgres"));
    server.arg("-D").arg(&data).args(["-p", &port]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=500",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
    ] {
        server.args(["-c", setting]);
    }
    let mut ready = site.command(&programs.join("pg_isready"));
    ready.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres"]);

    let url = url(site.port);
    // SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint for data that nobody keeps.
    let server = site.serve(&mut server, &mut ready, Signal::QUIT, interrupt)?;
    Ok(Running::guarded(url, server))
}

/// The folder with the programs of the newest version.
fn newest() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let version = |name: &std::ffi::OsStr| name.to_str()?.parse::<u32>().ok();
    versions
        .filter_map(|entry| Some((version(&entry.file_name())?, entry.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max_by_key(|(version, _)| *version)
        .map(|(_, programs)| programs)
        .or_else(|| environment::program("initdb")?.canonicalize().ok()?.parent().map(Into::into))
}
