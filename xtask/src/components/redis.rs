//! Redis, twice: a server that answers, and the program for tests that kill and stop their own.

use anyhow::Result;
use rustix::process::Signal;

use super::server::Site;
use super::unprivileged::User;
use super::{Component, Running, compose, debian};
use crate::environment;
use crate::process::Interrupt;

pub(super) const COMPONENT: Component = Component {
    name: "Redis",
    variable: "VESTIBULE_TEST_REDIS_URL",
    backend: None,
    compose: Some(compose::Service { name: "redis", port_variable: "DEV_REDIS_PORT", url }),
    private,
};

/// Nothing runs here: tests start it themselves.
pub(super) const PROGRAM: Component = Component {
    name: "the program of Redis",
    variable: "VESTIBULE_TEST_REDIS_SERVER",
    backend: None,
    compose: None,
    private: |interrupt| {
        let find = || environment::program("redis-server");
        let program = debian::ensure("redis-server", interrupt, find)?;
        Ok(Running::borrowed(program.display().to_string()))
    },
};

fn url(port: u16) -> String {
    format!("redis://127.0.0.1:{port}")
}

fn private(interrupt: &Interrupt) -> Result<Running> {
    let find = || Some((environment::program("redis-server")?, environment::program("redis-cli")?));
    let (program, client) = debian::ensure("redis-server", interrupt, find)?;
    let site = Site::prepare(User::named("redis")?, "redis")?;
    let port = site.port.to_string();
    let mut server = site.command(&program);
    server.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"]);
    let mut ready = site.command(&client);
    ready.args(["-e", "-p", &port, "ping"]);
    let url = url(site.port);
    // It keeps nothing: there is nothing to shut down in order.
    let server = site.serve(&mut server, &mut ready, Signal::KILL, interrupt)?;
    Ok(Running::guarded(url, server))
}
