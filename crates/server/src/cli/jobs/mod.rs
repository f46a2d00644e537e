//! `vestibule jobs`: one verb, one file.

mod list;
mod park;
mod retry;
mod show;

use clap::Subcommand;
use domain::{JobId, Refusal, Timestamp};
use operations::jobs::JobRecord;
use serde_json::{Value, json};
use uuid::Uuid;

use super::operator::{Operator, operate};
use super::outcome::Outcome;

#[derive(Debug, Subcommand)]
pub(super) enum Jobs {
    /// List what waits to be done and what became of it, the newest promise first
    #[command(after_help = "\
Examples:
  vestibule jobs list --state parked
  vestibule jobs list --kind deliver_mail --user ann
  vestibule jobs list --state parked --json | jq -r .id | xargs -n1 vestibule jobs retry")]
    List(list::List),
    /// Show one job
    #[command(after_help = "\
Example:
  vestibule jobs show 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11")]
    Show(show::Show),
    /// Run a job again: one that was parked, or one that waits for its next attempt
    #[command(after_help = "\
Example:
  vestibule jobs retry 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11")]
    Retry(retry::Retry),
    /// Set a job aside before its time, until it is run again
    #[command(after_help = "\
Example:
  vestibule jobs park 0198e4c4-9d2e-7c3a-9d53-0f2f6a1f9b11")]
    Park(park::Park),
}

pub(super) fn jobs(operator: Operator, command: Jobs) -> Outcome {
    operate(operator, async |services, ctx| match command {
        Jobs::List(arguments) => list::list(services, ctx, &arguments).await,
        Jobs::Show(arguments) => show::show(services, ctx, &arguments).await,
        Jobs::Retry(arguments) => retry::retry(services, ctx, &arguments).await,
        Jobs::Park(arguments) => park::park(services, ctx, &arguments).await,
    })
}

fn id(text: &str) -> Outcome<JobId> {
    let id = Uuid::parse_str(text);
    Ok(id.map(JobId).map_err(|_| operations::Error::from(Refusal::JobNotFound))?)
}

/// The fields of the native API.
fn for_machines(job: &JobRecord) -> Value {
    json!({
        "id": job.id.to_string(),
        "kind": job.kind,
        "message": job.message,
        "lane": job.lane,
        "state": job.state.as_str(),
        "user_id": job.user_id.map(|id| id.to_string()),
        "run_at": job.run_at.to_rfc3339(),
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "last_error": job.last_error,
        "created_at": job.created_at.to_rfc3339(),
        "leased_until": job.leased_until.map(Timestamp::to_rfc3339),
        "finished_at": job.finished_at.map(Timestamp::to_rfc3339),
    })
}

/// `deliver_mail verification`, or what else is to be done.
fn what(job: &JobRecord) -> String {
    match &job.message {
        Some(message) => format!("{} {message}", job.kind),
        None => job.kind.clone(),
    }
}

fn say_time(time: Timestamp) -> String {
    time.calendar().format("%Y-%m-%d %H:%M:%S").to_string()
}
