//! Prometheus, twice: the server for tests that start their own, and the tool that tries rules. Nothing runs
//! here. Where systemd starts what is installed, Debian's package serves on port 9090 until it is told
//! otherwise; no test asks it.

use anyhow::Result;

use super::{Component, Running, debian};
use crate::environment;
use crate::process::Interrupt;

pub(super) const COMPONENT: Component = Component {
    name: "Prometheus",
    variable: "VESTIBULE_TEST_PROMETHEUS",
    backend: None,
    compose: None,
    private: |interrupt| installed("prometheus", interrupt),
};

pub(super) const TOOL: Component = Component {
    name: "the tool of Prometheus",
    variable: "VESTIBULE_TEST_PROMTOOL",
    backend: None,
    compose: None,
    private: |interrupt| installed("promtool", interrupt),
};

fn installed(name: &str, interrupt: &Interrupt) -> Result<Running> {
    let program = debian::ensure("prometheus", interrupt, || environment::program(name))?;
    Ok(Running::borrowed(program.display().to_string()))
}
