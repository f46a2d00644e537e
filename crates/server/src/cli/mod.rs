//! The command line: one command, one file.

mod admin;
mod audit;
mod config;
mod doctor;
mod documents;
mod events;
mod fsck;
mod healthcheck;
mod help;
mod jobs;
mod keys;
mod mail;
mod migrate;
mod more;
mod operator;
mod outcome;
mod output;
mod password;
mod policy;
mod role;
mod serve;
mod service;
mod session;
mod table;
mod target;
mod user;
mod webhook;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{Flag, Settings, Sources};
use operator::Operator;
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
    /// See what roles permit, make, change and delete them
    #[command(subcommand, after_help = "Example:\n  vestibule role list")]
    Role(role::Role),
    /// See where accounts are signed in, and end sessions
    #[command(subcommand, after_help = "Example:\n  vestibule session list ann")]
    Session(session::Session),
    /// Make, change and delete services: clients that are no people
    #[command(
        subcommand,
        after_help = "Example:\n  vestibule service create gateway --permission tokens:introspect"
    )]
    Service(service::Service),
    /// See who did what to whom
    #[command(subcommand, after_help = "Example:\n  vestibule audit list")]
    Audit(audit::Audit),
    /// Read the log of events, see how it reaches other services, and have it told once more
    #[command(subcommand, after_help = "Example:\n  vestibule events status")]
    Events(events::Events),
    /// See what waits to be done, such as mails, run it again or set it aside
    #[command(subcommand, after_help = "Example:\n  vestibule jobs list --state parked")]
    Jobs(jobs::Jobs),
    /// Have events sent to other services as signed requests
    #[command(subcommand, after_help = "Example:\n  vestibule webhook list")]
    Webhook(webhook::Webhook),
    /// List, replace and retire the keys that make tokens
    #[command(subcommand, after_help = "Example:\n  vestibule keys list")]
    Keys(keys::Keys),
    /// Show what mails and text messages say, and send one to try the way out
    #[command(subcommand, after_help = "Example:\n  vestibule mail preview recovery --locale ru")]
    Mail(mail::Mail),
    /// Find out what is wrong with this deployment, and how to mend it
    #[command(after_help = "\
Examples:
  vestibule doctor
  vestibule doctor --json | jq 'select(.verdict != \"ok\")'")]
    Doctor(doctor::Doctor),
    /// Ask the instance that listens on this machine whether it is ready: for containers and supervisors
    #[command(after_help = "\
Examples:
  vestibule healthcheck
  vestibule healthcheck --live; [ $? -ne 1 ] || systemctl restart vestibule")]
    Healthcheck(healthcheck::Healthcheck),
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
    /// Print the JSON Schemas of commands of other services, by name
    #[command(hide = true, name = "command-schemas")]
    SchemasOfCommands,
    /// Print the table of events as Markdown
    #[command(hide = true)]
    EventReference,
    /// Print the JSON Schemas of events, by type
    #[command(hide = true)]
    EventSchemas,
    /// Print this command line as Markdown
    #[command(hide = true)]
    CliReference,
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let matches = help::explained(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match carry_out(cli, &action(&matches)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

/// What the audit trail calls a command: `vestibule user set-password` is `users.set_password`, as
/// the same over HTTP would be.
fn action(matches: &ArgMatches) -> String {
    let mut words = Vec::new();
    let mut below = matches.subcommand();
    while let Some((name, matches)) = below {
        words.push(name.replace('-', "_"));
        below = matches.subcommand();
    }
    if let Some(noun) = words.first_mut().filter(|noun| !noun.ends_with('s') && *noun != "policy") {
        noun.push('s');
    }
    words.join(".")
}

fn carry_out(cli: Cli, action: &str) -> Outcome {
    let Cli { config, command } = cli;
    let settings = |flags: Vec<Flag>| load(config.clone(), flags);
    let operator =
        || Outcome::Ok(Operator { action: action.to_owned(), settings: settings(Vec::new())? });
    match command.unwrap_or(Command::Serve(serve::Serve::default())) {
        Command::Serve(arguments) => serve::serve(&settings(arguments.flags())?),
        Command::Worker => serve::worker(&settings(Vec::new())?),
        Command::Migrate(arguments) => migrate::migrate(&settings(Vec::new())?, &arguments),
        Command::Admin(command) => admin::admin(operator()?, command),
        Command::User(command) => user::user(operator()?, command),
        Command::Role(command) => role::role(operator()?, command),
        Command::Session(command) => session::session(operator()?, command),
        Command::Service(command) => service::service(operator()?, command),
        Command::Audit(command) => audit::audit(operator()?, command),
        Command::Events(command) => events::events(operator()?, command),
        Command::Webhook(command) => webhook::webhook(operator()?, command),
        Command::Jobs(command) => jobs::jobs(operator()?, command),
        Command::Keys(command) => keys::keys(operator()?, command),
        Command::Mail(command) => mail::mail(&settings(Vec::new())?, command),
        Command::Doctor(arguments) => doctor::doctor(settings(Vec::new()), &arguments),
        Command::Healthcheck(arguments) => {
            healthcheck::healthcheck(&settings(arguments.flags())?, &arguments)
        }
        Command::Fsck(arguments) => fsck::fsck(&settings(Vec::new())?, &arguments),
        Command::Policy(command) => policy::policy(operator()?, command),
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
        Command::SchemasOfCommands => documents::command_schemas(),
        Command::EventReference => output::print(&operations::events::reference()),
        Command::EventSchemas => documents::event_schemas(),
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
