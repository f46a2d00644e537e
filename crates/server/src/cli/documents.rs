//! `vestibule openapi` and `vestibule completions`, and what the references are made of.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use clap_complete::Shell;
use serde_json::Value;

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

pub(super) fn openapi(arguments: &Openapi) -> Outcome {
    output::print(&api::openapi(&arguments.surface).unwrap_or_default())
}

pub(super) fn completions(command: &mut Command, arguments: &Completions) {
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, command, name, &mut std::io::stdout());
}

/// One object: the schema of each type of event.
pub(super) fn event_schemas() -> Outcome {
    // Serialising what was built of constants does not fail.
    let schemas = operations::events::schemas();
    output::print(&serde_json::to_string_pretty(&schemas).unwrap_or_default())
}

pub(super) fn command_schemas() -> Outcome {
    output::print(&format!("{:#}", Value::Object(operations::commands::schemas())))
}
