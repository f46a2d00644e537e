//! The real components that tests run against. One component, one file, one line in `ALL`.
//!
//! Each comes from the first source that has it: the environment, a Docker engine (`compose`), or
//! the Debian package, started as a private instance. What was started here ends with its guard.

mod backend;
mod chromium;
mod compose;
mod debian;
mod kafka;
mod mariadb;
mod newman;
mod nginx;
mod postgres;
mod prometheus;
mod python;
mod redis;
mod server;
mod unprivileged;

use std::any::Any;

use anyhow::{Context as _, Result};

pub(crate) use backend::{Backend, words};
pub(crate) use kafka::broker;
pub(crate) use server::{free_port, last_lines};

use crate::environment;
use crate::process::Interrupt;

const ALL: &[&Component] = &[
    &postgres::COMPONENT,
    &mariadb::COMPONENT,
    &redis::COMPONENT,
    &redis::PROGRAM,
    &kafka::COMPONENT,
    &kafka::PROGRAM,
    &kafka::CLIENT,
    &nginx::COMPONENT,
    &nginx::NEW,
    &chromium::COMPONENT,
    &prometheus::COMPONENT,
    &prometheus::TOOL,
    &python::COMPONENT,
    &python::CLOUD_EVENTS,
    &newman::COMPONENT,
    &python::JWT,
];

pub(crate) struct Component {
    name: &'static str,
    /// Where tests read how to reach it. Whoever sets it gives a component of their own.
    variable: &'static str,
    /// The backend whose tests need it; with none, every run needs it.
    backend: Option<Backend>,
    /// How the developers' containers serve it, when they do.
    compose: Option<compose::Service>,
    /// Gives it without Docker, installing its Debian package where that is missing.
    private: fn(&Interrupt) -> Result<Running>,
}

/// A component that answers. Dropping it stops what was started for it.
pub(crate) struct Running {
    variable: &'static str,
    value: String,
    /// Only dropped, never read: the process, the containers or nothing.
    _guard: Box<dyn Any>,
}

/// Which backends are wanted.
#[derive(clap::Args)]
pub(crate) struct Selection {
    /// Only this backend; may be given more than once
    #[arg(long = "backend", value_delimiter = ',')]
    backends: Vec<Backend>,
}

impl Selection {
    /// The wanted backends, in the order in which everybody lists them.
    pub(crate) fn backends(&self) -> Vec<Backend> {
        let wanted =
            |backend: &Backend| self.backends.is_empty() || self.backends.contains(backend);
        Backend::ALL.into_iter().filter(wanted).collect()
    }
}

/// Gives every component that these backends need.
pub(crate) fn start(backends: &[Backend], interrupt: &Interrupt) -> Result<Vec<Running>> {
    let needed = |component: &&&Component| {
        component.backend.is_none_or(|backend| backends.contains(&backend))
    };
    ALL.iter().filter(needed).map(|component| component.start(interrupt)).collect()
}

/// What tests read: where each component is, and which backends to run on.
pub(crate) fn variables(backends: &[Backend], running: &[Running]) -> Vec<(&'static str, String)> {
    let places = running.iter().map(|component| (component.variable, component.value.clone()));
    places.chain([("VESTIBULE_TEST_BACKENDS", words(backends))]).collect()
}

impl Component {
    fn start(&self, interrupt: &Interrupt) -> Result<Running> {
        interrupt.check()?;
        let Self { name, variable, .. } = self;
        if let Some(value) = environment::variable(variable) {
            eprintln!("{name}: given by {variable}");
            return Ok(Running::borrowed(value).told_by(variable));
        }
        if let Some(service) = self.compose.as_ref().filter(|_| compose::answers()) {
            match service.start(interrupt) {
                Ok(running) => {
                    eprintln!("{name}: in a container, {}", running.value);
                    return Ok(running.told_by(variable));
                }
                Err(error) => {
                    interrupt.check()?;
                    eprintln!("{name}: Docker answers but does not serve it: {error:#}");
                }
            }
        }
        let running = (self.private)(interrupt).with_context(|| {
            let docker = if self.compose.is_some() { ", start Docker" } else { "" };
            format!("no {name}: give one by {variable}{docker}, or mend what follows")
        })?;
        eprintln!("{name}: on this machine, {}", running.value);
        Ok(running.told_by(variable))
    }
}

impl Running {
    /// Something that is there without us and stays when we go.
    fn borrowed(value: String) -> Self {
        Self::guarded(value, ())
    }

    fn guarded(value: String, guard: impl Any) -> Self {
        Self { variable: "", value, _guard: Box::new(guard) }
    }

    fn told_by(self, variable: &'static str) -> Self {
        Self { variable, ..self }
    }
}
