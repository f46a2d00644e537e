//! `cargo xtask components`: the real components by themselves, for work on a single test.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::components::{self, Selection};
use crate::process::Interrupt;

/// Prints what a shell must export, then keeps the components until a signal comes.
pub(crate) fn run(selection: &Selection) -> Result<ExitCode> {
    let interrupt = Interrupt::watch()?;
    let backends = selection.backends();
    let running = components::start(&backends, &interrupt)?;
    for (name, value) in components::variables(&backends, &running) {
        println!("export {name}='{value}'");
    }
    eprintln!("running; Ctrl-C stops them");
    while interrupt.check().is_ok() {
        thread::sleep(Duration::from_millis(50));
    }
    Ok(ExitCode::SUCCESS)
}
