//! `vestibule jobs show`

use clap::Args;
use operations::jobs::{JobRecord, find};
use operations::{Context, Services};

use super::{for_machines, id, say_time, what};
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, printable, say};

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// As `jobs list` shows it
    #[arg(value_name = "ID")]
    id: String,

    /// As one JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn show(services: &Services, ctx: &Context, arguments: &Show) -> Outcome {
    let job = find(services, ctx, id(&arguments.id)?).await?;
    if arguments.json { say(for_machines(&job).to_string()) } else { print(&for_people(&job)) }
}

fn for_people(job: &JobRecord) -> String {
    let lines = [
        ("job", Some(job.id.to_string())),
        ("what", Some(what(job))),
        ("lane", Some(job.lane.clone())),
        ("state", Some(job.state.as_str().to_owned())),
        ("account", job.user_id.map(|id| id.to_string())),
        ("promised", Some(say_time(job.created_at))),
        ("due", Some(say_time(job.run_at))),
        ("leased until", job.leased_until.map(say_time)),
        ("finished", job.finished_at.map(say_time)),
        ("attempts", Some(format!("{} of {}", job.attempts, job.max_attempts))),
        ("last error", job.last_error.as_deref().map(printable)),
    ];
    let shown = |(name, value): (&str, Option<String>)| Some(format!("{name:<13} {}\n", value?));
    lines.into_iter().filter_map(shown).collect()
}
