//! `vestibule webhook list`

use clap::Args;
use operations::webhooks::{self, Webhook};
use operations::{Context, Services};

use super::shown::value;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, printable};
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let listed = webhooks::list(services, ctx).await?;
    if arguments.json {
        return print(&listed.iter().map(|one| value(one).to_string() + "\n").collect::<String>());
    }
    if listed.is_empty() {
        eprintln!("events are sent nowhere: see vestibule webhook create");
        return Ok(());
    }
    print(&table(["ID", "URL", "TYPES", "PAUSED"], listed.iter().map(row)))
}

fn row(webhook: &Webhook) -> [String; 4] {
    let types = if webhook.types.is_empty() { "all".to_owned() } else { webhook.types.join(",") };
    let paused = match &webhook.paused {
        Some((at, because)) => printable(&format!("since {}: {because}", at.to_rfc3339())),
        None => "-".to_owned(),
    };
    [webhook.id.to_string(), webhook.url.clone(), types, paused]
}
