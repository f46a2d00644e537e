//! `vestibule openapi` and `vestibule completions`

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use clap_complete::Shell;
use operations::commands::{CommandKind, schema};

use super::outcome::Outcome;
use super::output;

#[derive(Debug, Args)]
pub(super) struct Openapi {
    /// The native API or a dialect, with default settings
    #[arg(default_value = "native", value_parser = PossibleValuesParser::new(api::surface_names()))]
    surface: String,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct CommandSchema {
    #[arg(value_parser = PossibleValuesParser::new(CommandKind::ALL.map(CommandKind::as_str)))]
    command: String,
}

pub(super) fn command_schema(arguments: &CommandSchema) -> Outcome {
    let schema = CommandKind::parse(&arguments.command).map(schema);
    output::print(&format!("{:#}", schema.unwrap_or_default()))
}

pub(super) fn openapi(arguments: &Openapi) -> Outcome {
    output::print(&api::openapi(&arguments.surface).unwrap_or_default())
}

pub(super) fn completions(command: &mut Command, arguments: &Completions) {
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, command, name, &mut std::io::stdout());
}
