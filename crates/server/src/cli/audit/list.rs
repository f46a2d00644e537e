//! `vestibule audit list`

use clap::Args;
use operations::audit::{self, Entry, Page};
use operations::{Context, Services};
use uuid::Uuid;

use super::json::json;
use super::names::Names;
use super::question::Which;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, printable};
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    #[command(flatten)]
    which: Which,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let question = arguments.which.question(services).await?;
    let page = audit::list(services, ctx, &question).await?;
    print_page(services, &page, arguments.which.json, "vestibule audit list").await
}

/// `command` is how to go on.
pub(in crate::cli) async fn print_page(
    services: &Services,
    page: &Page,
    is_json: bool,
    command: &str,
) -> Outcome {
    if is_json {
        print(&page.entries.iter().map(|entry| json(entry) + "\n").collect::<String>())?;
    } else if page.entries.is_empty() {
        eprintln!("there are no entries here");
    } else {
        let names = Names::of(services, accounts(&page.entries)).await?;
        print(&for_people(&page.entries, &names))?;
    }
    if let Some(next) = page.next {
        eprintln!("more: {command} --after {next}");
    }
    Ok(())
}

/// Whoever did it and to whom it was done.
fn accounts(entries: &[Entry]) -> impl Iterator<Item = Uuid> {
    let actors = entries.iter().filter(|entry| entry.actor == "user");
    let targets = entries.iter().filter_map(|entry| entry.target);
    actors.filter_map(|entry| entry.actor_id).chain(targets.map(|id| id.0))
}

fn for_people(entries: &[Entry], names: &Names) -> String {
    const HEAD: [&str; 6] = ["WHEN", "WHO", "WHAT", "WHOM", "OUTCOME", "FROM"];
    let rows = entries.iter().map(|entry| {
        let who = match entry.actor_id {
            Some(id) if entry.actor == "user" => names.name(id),
            Some(id) => format!("{} {id}", entry.actor),
            None => entry.actor.clone(),
        };
        let whom = entry.target.map(|id| names.name(id.0)).or_else(|| entry.subject.clone());
        [
            entry.at.calendar().format("%Y-%m-%d %H:%M:%S").to_string(),
            printable(&who),
            what(entry),
            printable(&whom.unwrap_or_else(|| "-".to_owned())),
            entry.outcome.clone(),
            entry.address.clone().unwrap_or_else(|| entry.surface.clone()),
        ]
    });
    table(HEAD, rows)
}

/// The name, and the fields that changed.
fn what(entry: &Entry) -> String {
    let name = entry.action.strip_prefix("vestibule.").unwrap_or(&entry.action);
    let shown = |value: &Option<String>| match value.as_deref() {
        Some(text) => printable(&format!("{text:?}")),
        None => "nothing".to_owned(),
    };
    let changes = entry.changes.iter().map(|change| {
        format!("{} {} -> {}", change.field, shown(&change.before), shown(&change.after))
    });
    let changes = changes.collect::<Vec<_>>().join(", ");
    if changes.is_empty() { name.to_owned() } else { format!("{name} ({changes})") }
}
