//! `vestibule doctor`

use clap::Args;
use serde_json::json;

use super::block_on;
use super::outcome::{Failure, Outcome};
use super::output::print;
use crate::config::Settings;
use crate::doctor::{Finding, Verdict, examine, problems};
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

/// A bad configuration is one more thing to tell about.
pub(super) fn doctor(settings: Outcome<Settings>, arguments: &Doctor) -> Outcome {
    telemetry::log_warnings()?;
    let mut told = Told { as_json: arguments.json, problems: 0, printed: Ok(()) };
    match settings {
        Ok(settings) => block_on(async {
            examine(&settings, |finding| told.tell(&finding)).await;
            Ok(())
        })?,
        Err(Failure::Configuration(found)) => {
            for finding in problems(&found) {
                told.tell(&finding);
            }
        }
        Err(failure) => return Err(failure),
    }
    told.printed?;
    match told.problems {
        0 => Ok(()),
        1 => Err(Failure::Found("there is a problem".to_owned())),
        problems => Err(Failure::Found(format!("there are {problems} problems"))),
    }
}

struct Told {
    as_json: bool,
    problems: usize,
    printed: Outcome,
}

impl Told {
    /// At once: some checks take seconds.
    fn tell(&mut self, finding: &Finding) {
        self.problems += usize::from(finding.verdict == Verdict::Problem);
        if self.printed.is_ok() {
            let show = if self.as_json { as_json } else { as_text };
            self.printed = print(&show(finding));
        }
    }
}

fn as_text(finding: &Finding) -> String {
    let Finding { check, verdict, says, mend } = finding;
    let verdict = verdict.as_str();
    let mend = mend.as_ref().map(|mend| format!("{:25}mend: {mend}\n", "")).unwrap_or_default();
    format!("{verdict:<8} {check:<15} {says}\n{mend}")
}

fn as_json(finding: &Finding) -> String {
    let object = json!({
        "check": finding.check,
        "verdict": finding.verdict.as_str(),
        "says": finding.says,
        "mend": finding.mend,
    });
    format!("{object}\n")
}
