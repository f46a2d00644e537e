//! `cargo xtask test`: every test of the workspace against the real components.

use std::process::ExitCode;

use anyhow::Result;

use crate::components::{self, Backend, Selection};
use crate::environment;
use crate::process::{self, Interrupt};

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Given to `cargo test`
    #[arg(last = true, value_name = "CARGO TEST ARGUMENTS")]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let interrupt = Interrupt::watch()?;
    let backends = options.selection.backends();
    let narrowing = options.narrowing(&backends);
    warn(narrowing.as_deref());

    let running = components::start(&backends, &interrupt)?;
    let mut tests = environment::cargo();
    tests.arg("test");
    if !options.names_packages() {
        tests.arg("--workspace");
    }
    tests.args(&options.arguments).envs(components::variables(&backends, &running));
    let status = process::run(&mut tests, &interrupt)?;

    drop(running);
    warn(narrowing.as_deref());
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, Into::into))
}

impl Options {
    /// Cargo ignores `-p` next to `--workspace`, without a word.
    fn names_packages(&self) -> bool {
        let mut to_cargo = self.arguments.iter().take_while(|argument| *argument != "--");
        to_cargo.any(|argument| argument.starts_with("-p") || argument.starts_with("--package"))
    }

    /// What keeps this from being a full run, if anything may.
    fn narrowing(&self, backends: &[Backend]) -> Option<String> {
        if backends.len() < Backend::ALL.len() {
            return Some(format!("ONLY {}: not a full run", components::words(backends)));
        }
        let given = self.arguments.join(" ");
        (!given.is_empty()).then(|| format!("with `{given}`: not a full run if that selects tests"))
    }
}

fn warn(narrowing: Option<&str>) {
    if let Some(narrowing) = narrowing {
        eprintln!("\n=== {narrowing} ===\n");
    }
}
