//! Build tasks, started as `cargo xtask <verb>`. One verb, one file or folder; what several verbs
//! need (the environment, child processes, the real components) has a module of its own.

mod check;
mod compare;
mod components;
mod environment;
mod generate;
mod new_dialect;
mod new_migration;
mod process;
mod relay;
mod serve_components;
mod test;
mod timing;

use std::process::ExitCode;

use clap::Parser;

/// What shells answer for a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Build tasks of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Verb {
    /// Start the real components, run every test, stop them
    Test(test::Options),
    /// Fast structural rules: sizes, crate arrows, paths in documents, migrations in step
    Check,
    /// Send the exchanges of a page, or of a folder of them, to two services and show where they differ
    Compare(compare::Options),
    /// Measure whether the time of an answer tells which accounts there are
    Timing(timing::Options),
    /// Measure what an outage of Kafka costs, and how fast what waited is relayed afterwards
    Relay(relay::Options),
    /// Write the references that come from the binary
    Generate(generate::Options),
    /// Begin a dialect: a surface that compiles and answers, with its document and transcript
    NewDialect(new_dialect::Options),
    /// Begin a migration: three files with the next number
    NewMigration(new_migration::Options),
    /// Start the real components and keep them until Ctrl-C, for one test in a debugger
    Components(components::Selection),
}

fn main() -> ExitCode {
    let outcome = match Verb::parse() {
        Verb::Test(options) => test::run(&options),
        Verb::Check => check::run(environment::root()),
        Verb::Compare(options) => compare::run(&options),
        Verb::Timing(options) => timing::run(&options),
        Verb::Relay(options) => relay::run(&options),
        Verb::Generate(options) => generate::run(environment::root(), &options),
        Verb::NewDialect(options) => new_dialect::run(environment::root(), &options),
        Verb::NewMigration(options) => new_migration::run(environment::root(), &options),
        Verb::Components(selection) => serve_components::run(&selection),
    };
    outcome.unwrap_or_else(|error| {
        // Where the signal came in is no news to whoever sent it.
        if error.is::<process::Interrupted>() {
            eprintln!("interrupted");
            return ExitCode::from(INTERRUPTED);
        }
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
