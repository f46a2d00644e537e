//! `vestibule service show`

use clap::Args;
use domain::{ServiceAccount, Timestamp};
use operations::{Context, Services};

use super::json::value;
use super::target::Target;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, say};

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    #[command(flatten)]
    target: Target,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn show(services: &Services, ctx: &Context, arguments: &Show) -> Outcome {
    let service = arguments.target.find(services, ctx).await?;
    if arguments.json { say(value(&service).to_string()) } else { print(&for_people(&service)) }
}

fn for_people(service: &ServiceAccount) -> String {
    let time = |value: Timestamp| value.calendar().format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let or = |value: Option<Timestamp>, none: &str| value.map_or_else(|| none.to_owned(), time);
    let permissions: Vec<&str> = service.permissions.iter().map(|may| may.as_str()).collect();
    let made_by = service.created_by.map_or_else(|| "the operator".to_owned(), |id| id.to_string());
    let rows = [
        ("name", service.name.clone()),
        ("client_id", service.id.to_string()),
        ("permissions", permissions.join(", ")),
        ("made", time(service.created_at)),
        ("made by", made_by),
        ("new secret", or(service.rotated_at, "never")),
        ("old secret", or(service.previous_until, "none")),
        ("last used", or(service.last_used_at, "never")),
    ];
    rows.iter()
        .map(|(label, value)| format!("{label:<12} {value}").trim_end().to_owned() + "\n")
        .collect()
}
