//! The command line: one command, one file.

mod admin;
mod config;
mod doctor;
mod documents;
mod fsck;
mod help;
mod keys;
mod migrate;
mod operator;
mod outcome;
mod output;
mod password;
mod policy;
mod serve;
mod service;
mod session;
mod table;
mod target;
mod user;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{Flag, Settings, Sources};
use outcome::{Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  vestibule                                    serve on 127.0.0.1:8000 from ./data
  vestibule admin init --username ann          make the first administrator
  vestibule user list                          see who is there
  VESTIBULE_DATABASE__URL=postgres://… vestibule migrate --dry-run
  vestibule doctor                             find out what is wrong";

/// Accounts, sign-in and tokens in one binary
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, after_help = EXAMPLES)]
struct Cli {
    /// Settings file [default: vestibule.toml, when there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve HTTP, with the worker inside (the default)
    #[command(after_help = "Example:\n  vestibule serve --listen 127.0.0.1:9000 --no-worker")]
    Serve(serve::Serve),
    /// Run background jobs only
    #[command(after_help = "Example:\n  vestibule --config /etc/vestibule.toml worker")]
    Worker,
    /// Bring the schema of the database up to date
    #[command(after_help = "Example:\n  vestibule migrate --dry-run")]
    Migrate(migrate::Migrate),
    /// Make the first administrator
    #[command(subcommand, after_help = "Example:\n  vestibule admin init --username ann")]
    Admin(admin::Admin),
    /// Make, find, change and delete accounts
    #[command(subcommand, after_help = "Example:\n  vestibule user list")]
    User(user::User),
    /// See where accounts are signed in, and end sessions
    #[command(subcommand, after_help = "Example:\n  vestibule session list ann")]
    Session(session::Session),
    /// Make, change and delete services: clients that are no people
    #[command(
        subcommand,
        after_help = "Example:\n  vestibule service create gateway --permission tokens:introspect"
    )]
    Service(service::Service),
    /// List, replace and retire the keys that make tokens
    #[command(subcommand, after_help = "Example:\n  vestibule keys list")]
    Keys(keys::Keys),
    /// Find out what is wrong with this deployment, and how to mend it
    #[command(after_help = "\
Examples:
  vestibule doctor
  vestibule doctor --json | jq 'select(.verdict != \"ok\")'")]
    Doctor(doctor::Doctor),
    /// Check that the database contradicts itself nowhere
    #[command(after_help = "\
Examples:
  vestibule fsck
  vestibule fsck --json | jq 'select(.verdict == \"broken\")'")]
    Fsck(fsck::Fsck),
    /// See what other rules for passwords would refuse
    #[command(subcommand, after_help = "Example:\n  vestibule policy report")]
    Policy(policy::Policy),
    /// Check or show the configuration
    #[command(subcommand, after_help = "Example:\n  vestibule config check")]
    Config(config::Config),
    /// Print the OpenAPI document of a surface
    #[command(after_help = "\
Examples:
  vestibule openapi > openapi.json
  vestibule openapi djoser")]
    Openapi(documents::Openapi),
    /// Print a Postman collection of every surface
    #[command(after_help = "Example:\n  vestibule postman > postman_collection.json")]
    Postman,
    /// Print completions for a shell
    #[command(
        after_help = "Example:\n  vestibule completions bash > /etc/bash_completion.d/vestibule"
    )]
    Completions(documents::Completions),
    /// Print the table of error codes as Markdown
    #[command(hide = true)]
    ErrorCodes,
    /// Print this command line as Markdown
    #[command(hide = true)]
    CliReference,
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let matches = help::explained(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match carry_out(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

fn carry_out(cli: Cli) -> Outcome {
    let Cli { config, command } = cli;
    let settings = |flags: Vec<Flag>| load(config.clone(), flags);
    match command.unwrap_or(Command::Serve(serve::Serve::default())) {
        Command::Serve(arguments) => serve::serve(&settings(arguments.flags())?),
        Command::Worker => serve::worker(&settings(Vec::new())?),
        Command::Migrate(arguments) => migrate::migrate(&settings(Vec::new())?, &arguments),
        Command::Admin(command) => admin::admin(settings(Vec::new())?, command),
        Command::User(command) => user::user(settings(Vec::new())?, command),
        Command::Session(command) => session::session(settings(Vec::new())?, command),
        Command::Service(command) => service::service(settings(Vec::new())?, command),
        Command::Keys(command) => keys::keys(settings(Vec::new())?, command),
        Command::Doctor(arguments) => doctor::doctor(settings(Vec::new()), &arguments),
        Command::Fsck(arguments) => fsck::fsck(&settings(Vec::new())?, &arguments),
        Command::Policy(command) => policy::policy(settings(Vec::new())?, command),
        // Without settings: they may be what is wrong.
        Command::Config(config::Config::Reference) => output::print(&crate::config::reference()),
        Command::Config(arguments) => config::show(&settings(Vec::new())?, &arguments),
        Command::Openapi(arguments) => documents::openapi(&arguments),
        Command::Postman => output::print(&api::postman_collection()),
        Command::Completions(arguments) => {
            documents::completions(&mut Cli::command(), &arguments);
            Ok(())
        }
        Command::ErrorCodes => output::print(&api::error_reference()),
        Command::CliReference => output::print(&clap_markdown::help_markdown::<Cli>()),
    }
}

fn load(file: Option<PathBuf>, flags: Vec<Flag>) -> Result<Settings, Failure> {
    let sources = Sources::from_process(file, flags).map_err(Failure::Configuration)?;
    Settings::load(&sources).map_err(Failure::Configuration)
}

/// Runs a command that waits for things.
fn block_on(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Failed(error.into()))?;
    let outcome = runtime.block_on(work);
    // What still waits for a server that hangs is left to the end of the process.
    runtime.shutdown_background();
    outcome
}
