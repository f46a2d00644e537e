//! `vestibule config`

use clap::Subcommand;

use super::outcome::{Failure, Outcome};
use super::output;
use crate::config::{Settings, print};
use crate::listener::Certificate;

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Say whether the configuration is good
    #[command(after_help = "Example:\n  VESTIBULE_PROFILE=production vestibule config check")]
    Check,
    /// Show every setting and where it comes from; secrets are not shown
    #[command(after_help = "Example:\n  vestibule config print | grep -v 'from default'")]
    Print,
    /// Print the reference of all settings as Markdown
    #[command(after_help = "Example:\n  vestibule config reference > configuration.md")]
    Reference,
}

pub(super) fn show(settings: &Settings, command: &Config) -> Outcome {
    for warning in &settings.warnings {
        eprintln!("warning: {warning}");
    }
    match command {
        Config::Check => {
            check_certificate(settings)?;
            output::say("the configuration is good")
        }
        Config::Print => output::print(&print(settings)),
        Config::Reference => output::print(&crate::config::reference()),
    }
}

/// A start reads it first.
fn check_certificate(settings: &Settings) -> Outcome {
    let Some(files) = settings.http.certificate.clone() else { return Ok(()) };
    Certificate::load(files).map(drop).map_err(|error| {
        let problems = settings.problem("http.tls_certificate_file", format!("{error:#}"));
        Failure::Configuration(problems)
    })
}
