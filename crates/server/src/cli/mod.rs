//! The command line: one command, one file.

mod config;
mod documents;
mod migrate;
mod outcome;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::{Flag, Settings, Sources};
use outcome::{Failure, Outcome};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed: the log says why
  2  wrong usage
  3  the configuration is wrong
  4  refused: nothing was changed";

const EXAMPLES: &str = "\
Examples:
  vestibule                                    serve on 127.0.0.1:8000 from ./data
  vestibule admin init --username ann          make the first administrator
  vestibule user list                          see who is there
  VESTIBULE_DATABASE__URL=postgres://… vestibule migrate --dry-run
  vestibule doctor                             find out what is wrong";

/// Accounts, sign-in and tokens in one binary
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
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
    Serve(serve::Serve),
    /// Run background jobs only
    Worker,
    /// Bring the schema of the database up to date
    Migrate(migrate::Migrate),
    /// Check or show the configuration
    #[command(subcommand)]
    Config(config::Config),
    /// Print the OpenAPI document of the native API
    Openapi,
    /// Print completions for a shell
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
    let cli = Cli::parse();
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
        Command::Config(config::Config::Reference) => {
            print!("{}", crate::config::reference());
            Ok(())
        }
        Command::Config(arguments) => {
            config::show(&settings(Vec::new())?, &arguments);
            Ok(())
        }
        Command::Openapi => {
            print!("{}", api::openapi());
            Ok(())
        }
        Command::Completions(arguments) => {
            documents::completions(&mut Cli::command(), &arguments);
            Ok(())
        }
        Command::ErrorCodes => {
            print!("{}", api::error_reference());
            Ok(())
        }
        Command::CliReference => {
            print!("{}", clap_markdown::help_markdown::<Cli>());
            Ok(())
        }
    }
}

fn load(file: Option<PathBuf>, flags: Vec<Flag>) -> Result<Settings, Failure> {
    let sources = Sources::from_process(file, flags).map_err(Failure::Configuration)?;
    Settings::load(&sources).map_err(Failure::Configuration)
}

/// Runs a command that waits for things.
fn block_on(work: impl Future<Output = anyhow::Result<()>>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Failed(error.into()))?;
    runtime.block_on(work).map_err(Failure::from)
}
