//! `vestibule jobs list`

use clap::Args;
use domain::JobId;
use operations::jobs::{self, JobRecord, Question, State};
use operations::{Context, Services};
use uuid::Uuid;

use super::{for_machines, say_time, what};
use crate::cli::more::more;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, printable};
use crate::cli::table::table;
use crate::cli::target::find_named;

const LIMIT: usize = 50;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only those that are so: ready, running, done or parked
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<State>,

    /// Only what is to be done, such as `deliver_mail`, `deliver_text` or `purge_account`
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,

    /// Only those about this account: username, e-mail address, phone number or id
    #[arg(long, value_name = "ACCOUNT")]
    user: Option<String>,

    /// Only what was promised before this job
    #[arg(long, value_name = "ID")]
    after: Option<Uuid>,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = LIMIT, value_parser = limit)]
    limit: usize,

    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let user_id = match &arguments.user {
        Some(account) => Some(find_named(services, account).await?.id),
        None => None,
    };
    let question = Question {
        state: arguments.state,
        kind: arguments.kind.clone(),
        user_id,
        after: arguments.after.map(JobId),
        limit: arguments.limit,
    };
    let page = jobs::list(services, ctx, &question).await?;
    if arguments.json {
        let line = |job| for_machines(job).to_string() + "\n";
        print(&page.jobs.iter().map(line).collect::<String>())?;
    } else if page.jobs.is_empty() {
        eprintln!("there are no jobs here");
    } else {
        print(&for_people(&page.jobs))?;
    }
    if let Some(next) = page.next {
        let (next, limit) = (next.to_string(), arguments.limit.to_string());
        let options = [
            ("state", arguments.state.map(State::as_str)),
            ("kind", arguments.kind.as_deref()),
            ("user", arguments.user.as_deref()),
            ("limit", (arguments.limit != LIMIT).then_some(limit.as_str())),
            ("after", Some(next.as_str())),
        ];
        eprintln!("{}", more("jobs list", options));
    }
    Ok(())
}

fn for_people(jobs: &[JobRecord]) -> String {
    const HEAD: [&str; 6] = ["ID", "WHAT", "STATE", "DUE", "ATTEMPTS", "LAST ERROR"];
    let rows = jobs.iter().map(|job| {
        [
            job.id.to_string(),
            what(job),
            job.state.as_str().to_owned(),
            say_time(job.run_at),
            format!("{}/{}", job.attempts, job.max_attempts),
            printable(job.last_error.as_deref().unwrap_or("-")),
        ]
    });
    table(HEAD, rows)
}

fn state(text: &str) -> Result<State, String> {
    State::parse(text).ok_or_else(|| "not one of ready, running, done, parked".to_owned())
}

fn limit(text: &str) -> Result<usize, String> {
    let limit = text.parse().ok().filter(|limit| (1..=1000).contains(limit));
    limit.ok_or_else(|| "not a number from 1 to 1000".to_owned())
}
