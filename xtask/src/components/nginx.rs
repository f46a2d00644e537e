//! nginx, for tests that put several instances behind it. Nothing runs here: they start it
//! themselves.

use super::{Component, Running, debian};
use crate::environment;

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
