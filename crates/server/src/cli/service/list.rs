//! `vestibule service list`

use clap::Args;
use domain::{ServiceAccount, Timestamp};
use operations::{Context, Services, service_accounts};

use super::json::value;
use crate::cli::outcome::Outcome;
use crate::cli::output::print;
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let listed = service_accounts::list(services, ctx).await?;
    if arguments.json {
        return print(&listed.iter().map(|one| value(one).to_string() + "\n").collect::<String>());
    }
    if listed.is_empty() {
        eprintln!("there are no services here");
        return Ok(());
    }
    print(&for_people(&listed))
}

fn for_people(listed: &[ServiceAccount]) -> String {
    const HEAD: [&str; 5] = ["NAME", "CLIENT_ID", "PERMISSIONS", "MADE", "LAST USED"];
    let day = |time: Timestamp| time.calendar().format("%Y-%m-%d").to_string();
    let rows = listed.iter().map(|service| {
        let permissions: Vec<&str> = service.permissions.iter().map(|may| may.as_str()).collect();
        [
            service.name.clone(),
            service.id.to_string(),
            if permissions.is_empty() { "-".to_owned() } else { permissions.join(",") },
            day(service.created_at),
            service.last_used_at.map_or_else(|| "never".to_owned(), day),
        ]
    });
    table(HEAD, rows)
}
