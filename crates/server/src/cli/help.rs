//! Help beyond what is derived: groups of commands, and the exit codes under every command.

use clap::Command;
use clap::builder::StyledStr;

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed, or found something wrong
  2  wrong usage
  3  the configuration is wrong
  4  refused: nothing was changed";

/// What somebody wants, and the commands for it.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Run the service", &["serve", "worker", "migrate", "healthcheck"]),
    ("Look after accounts", &["admin", "user", "role", "session", "audit"]),
    ("Look after services and keys", &["service", "webhook", "keys"]),
    ("Find out what is wrong", &["doctor", "fsck", "policy", "config", "jobs", "events", "mail"]),
    ("Documents", &["openapi", "postman", "completions", "help"]),
];

/// The command line with its groups and its exit codes.
pub(super) fn explained(command: Command) -> Command {
    let groups = groups(&command);
    with_exit_codes(command).help_template(format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}\
             Options:\n{{options}}{{after-help}}"
    ))
}

fn groups(command: &Command) -> String {
    let about = |name: &str| {
        let found = command.get_subcommands().find(|known| known.get_name() == name);
        found.and_then(Command::get_about).map(StyledStr::to_string)
    };
    let line = |name: &str| {
        let about = about(name).unwrap_or_else(|| "Explain a command".to_owned());
        format!("  {name:<12} {about}\n")
    };
    let group = |(heading, names): (&str, &[&str])| {
        let lines: String = names.iter().map(|name| line(name)).collect();
        format!("{heading}:\n{lines}\n")
    };
    let text: String = GROUPS.into_iter().map(group).collect();
    // Nothing is hidden only because nobody thought of it here.
    let is_grouped = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    let others: String = command
        .get_subcommands()
        .filter(|other| !other.is_hide_set() && !is_grouped(other.get_name()))
        .map(|other| line(other.get_name()))
        .collect();
    if others.is_empty() { text } else { format!("{text}Other:\n{others}\n") }
}

fn with_exit_codes(command: Command) -> Command {
    let examples = command.get_after_help().map(StyledStr::to_string);
    let long = match examples {
        Some(examples) => format!("{examples}\n\n{EXIT_CODES}"),
        None => EXIT_CODES.to_owned(),
    };
    command.after_long_help(long).mut_subcommands(with_exit_codes)
}
