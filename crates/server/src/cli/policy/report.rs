//! `vestibule policy report`

use std::time::Duration;

use clap::Args;
use domain::Timestamp;
use operations::candidate::{self, PolicyReport};
use operations::{Context, Services};
use serde_json::{Value, json};

use crate::cli::outcome::Outcome;
use crate::cli::output::{print, say};
use crate::cli::table::table;

/// Nobody waits on the other side: all of ten million accounts are counted.
const PATIENCE: Duration = Duration::from_mins(30);

#[derive(Debug, Args)]
pub(in crate::cli) struct Report {
    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn report(services: &Services, ctx: &Context, arguments: &Report) -> Outcome {
    let report = candidate::report(services, ctx, PATIENCE).await?;
    if arguments.json {
        say(for_machines(&report).to_string())
    } else {
        print(&for_people(&report))
    }
}

/// The fields of the native API.
fn for_machines(report: &PolicyReport) -> Value {
    let candidate = report
        .candidate
        .map(|policy| json!({ "min_length": policy.min, "blocklist": report.has_blocklist() }));
    let rules = report.rules.iter();
    let rules = rules.map(|count| json!({ "rule": count.rule, "accounts": count.accounts }));
    json!({
        "candidate": candidate,
        "complete": report.is_complete,
        "accounts_seen": report.accounts_seen,
        "accounts_passing": report.accounts_passing,
        "first_seen_at": report.first_seen_at.map(Timestamp::to_rfc3339),
        "last_seen_at": report.last_seen_at.map(Timestamp::to_rfc3339),
        "rules": rules.collect::<Vec<Value>>(),
    })
}

fn for_people(report: &PolicyReport) -> String {
    let Some(policy) = report.candidate else {
        return "no candidate policy is set: passwords.candidate.profile\n".to_owned();
    };
    let list =
        if report.has_blocklist() { "none that is well known" } else { "well-known ones too" };
    let candidate = format!("candidate: {} characters at least, {list}", policy.min);
    let (Some(first), Some(last)) = (report.first_seen_at, report.last_seen_at) else {
        return format!("{candidate}\nnobody signed in since it is set\n");
    };
    let time = |at: Timestamp| at.calendar().format("%Y-%m-%d %H:%M").to_string();
    let seen = format!(
        "{}{} accounts signed in from {} to {}; {} would pass",
        if report.is_complete { "" } else { "at least " },
        report.accounts_seen,
        time(first),
        time(last),
        report.accounts_passing,
    );
    let rows = report.rules.iter().map(|count| [count.rule.clone(), count.accounts.to_string()]);
    format!("{candidate}\n{seen}\n\n{}", table(["RULE", "ACCOUNTS"], rows))
}
