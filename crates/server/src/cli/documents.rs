//! `vestibule completions`

use clap::{Args, Command};
use clap_complete::Shell;

#[derive(Debug, Args)]
pub(super) struct Completions {
    shell: Shell,
}

pub(super) fn completions(command: &mut Command, arguments: &Completions) {
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, command, name, &mut std::io::stdout());
}
