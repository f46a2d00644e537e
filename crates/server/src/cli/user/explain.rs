//! `vestibule user explain`

use clap::Args;
use domain::Timestamp;
use operations::explain::{Explanation, Finding, explain};
use operations::{Context, Services};
use serde_json::json;

use crate::cli::outcome::Outcome;
use crate::cli::output::{print, printable, say};
use crate::cli::target::{Target, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    #[command(flatten)]
    target: Target,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn tell(services: &Services, ctx: &Context, arguments: &Explain) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let explanation = explain(services, ctx, user.id).await?;
    if arguments.json { say(for_machines(&explanation)) } else { print(&for_people(&explanation)) }
}

/// The fields of the native API.
fn for_machines(explanation: &Explanation) -> String {
    let time = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339);
    let findings = explanation.findings.iter().map(|finding| {
        let by = finding.by.as_ref();
        let by = by.map(|by| json!({ "actor": by.actor, "id": by.id.map(|id| id.to_string()) }));
        json!({
            "code": finding.code,
            "severity": finding.severity.as_str(),
            "text": finding.text,
            "since": time(finding.since),
            "until": time(finding.until),
            "by": by,
        })
    });
    let fields = json!({
        "user_id": explanation.user.id.to_string(),
        "status": explanation.user.status.as_str(),
        "could_sign_in": explanation.could_sign_in,
        "findings": findings.collect::<Vec<_>>(),
    });
    fields.to_string()
}

fn for_people(explanation: &Explanation) -> String {
    let verdict = if explanation.could_sign_in { "yes" } else { "no" };
    let name = name_of(&explanation.user);
    let mut text = format!("could {name} sign in now, with the right password: {verdict}\n");
    for finding in &explanation.findings {
        text.push_str(&line(finding));
    }
    text
}

fn line(finding: &Finding) -> String {
    let time = |at: Timestamp| at.calendar().format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let mut more = Vec::new();
    more.extend(finding.since.map(|at| format!("since {}", time(at))));
    more.extend(finding.until.map(|at| format!("until {}", time(at))));
    more.extend(finding.by.as_ref().map(|by| match by.id {
        Some(id) => format!("by {} {id}", by.actor),
        None => format!("by {}", by.actor),
    }));
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
    let (severity, code) = (finding.severity.as_str(), finding.code);
    format!("{severity:<8}  {code:<22}  {}{more}\n", printable(&finding.text))
}
