//! Chromium, for tests that need a browser. Nothing runs here: tests start it themselves.

use anyhow::Result;

use super::{Component, Running, debian};
use crate::environment;
use crate::process::Interrupt;

pub(super) const COMPONENT: Component = Component {
    name: "Chromium",
    variable: "VESTIBULE_TEST_CHROMIUM",
    backend: None,
    compose: None,
    private,
};

fn private(interrupt: &Interrupt) -> Result<Running> {
    let program = debian::ensure("chromium", interrupt, || environment::program("chromium"))?;
    Ok(Running::borrowed(program.display().to_string()))
}
