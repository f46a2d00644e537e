//! `vestibule events list`

use std::time::Duration;

use clap::Args;
use domain::event::EventKind;
use operations::events::{self, CloudEvent, EventFilter, Reader, Start};
use operations::{Context, Services};
use uuid::Uuid;

use crate::cli::audit::Names;
use crate::cli::more::more;
use crate::cli::outcome::{Failure, Outcome};
use crate::cli::output::{print_if_read, printable};
use crate::cli::table::table;
use crate::cli::target::find_named;
use crate::signals::Signals;

/// How long to wait at once; then it is asked whether anybody still reads.
const PATIENCE: Duration = Duration::from_secs(30);

const LIMIT: usize = 50;
/// What every type begins with, and a table leaves out.
const PREFIX: &str = "vestibule.";

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only what comes after this event, or from now on [default: from the first event on]
    #[arg(long, value_name = "CURSOR|latest", value_parser = start)]
    after: Option<Start>,

    /// Only events of this account: username, e-mail address, phone number or id
    #[arg(long, value_name = "ACCOUNT")]
    user: Option<String>,

    /// Only events of this type; may stand often
    #[arg(
        long = "type",
        value_name = "TYPE",
        value_parser = kind
    )]
    kinds: Vec<String>,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = LIMIT, value_parser = limit)]
    limit: usize,

    /// Go on with what happens, until Ctrl-C
    #[arg(long)]
    follow: bool,

    /// One event as JSON a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let user = match &arguments.user {
        Some(account) => Some(find_named(services, account).await?.id),
        None => None,
    };
    let kinds = arguments.kinds.iter().filter_map(|name| EventKind::parse(name)).collect();
    let filter = EventFilter { user, kinds };
    let reader = events::admit(services, ctx).await?;
    let begin = events::begin(services, arguments.after.unwrap_or_default()).await?;
    let mut after = begin.ok_or_else(|| {
        Failure::Refused("the log is not that long: this cursor is of another one".to_owned())
    })?;
    if arguments.follow {
        return follow(services, &reader, &filter, after, arguments).await;
    }
    let mut found = Vec::new();
    loop {
        let before = after;
        let left = arguments.limit - found.len();
        let page = events::list(services, &reader, &filter, after, left).await?;
        after = page.next;
        found.extend(page.events);
        // What is wanted may lie behind much that is not.
        if found.len() >= arguments.limit || after == before {
            break;
        }
    }
    if found.is_empty() {
        eprintln!("there are no events here");
    } else {
        print_if_read(&said(services, &found, arguments.json, Layout::Table).await?)?;
    }
    if found.len() >= arguments.limit {
        let (after, limit) = (after.to_string(), arguments.limit.to_string());
        let kinds = arguments.kinds.iter().map(|kind| ("type", Some(kind.as_str())));
        let options = [
            ("user", arguments.user.as_deref()),
            ("limit", (arguments.limit != LIMIT).then_some(limit.as_str())),
            ("after", Some(after.as_str())),
        ];
        eprintln!("{}", more("events list", kinds.chain(options)));
    }
    Ok(())
}

async fn follow(
    services: &Services,
    reader: &Reader,
    filter: &EventFilter,
    begin: events::Cursor,
    arguments: &List,
) -> Outcome {
    let mut signals = Signals::listen().map_err(|error| Failure::Failed(error.into()))?;
    let mut after = begin;
    loop {
        let limit = arguments.limit;
        let never = std::future::pending();
        let page = tokio::select! {
            () = signals.stop_asked() => return Ok(()),
            page = events::follow(services, reader, filter, after, limit, PATIENCE, never) => page?,
        };
        after = page.next;
        let text = said(services, &page.events, arguments.json, Layout::Lines).await?;
        if !print_if_read(&text)? {
            return Ok(());
        }
    }
}

#[derive(Clone, Copy)]
enum Layout {
    Table,
    /// What comes later cannot be aligned with it.
    Lines,
}

async fn said(
    services: &Services,
    events: &[CloudEvent],
    is_json: bool,
    layout: Layout,
) -> Outcome<String> {
    const HEAD: [&str; 6] = ["SEQUENCE", "WHEN", "WHAT", "WHOM", "WHO", "DATA"];
    if is_json {
        let lines = events.iter().map(|event| Ok(serde_json::to_string(event)? + "\n"));
        let lines: Result<String, serde_json::Error> = lines.collect();
        return lines.map_err(|error| Failure::Failed(error.into()));
    }
    let names = Names::of(services, events.iter().flat_map(accounts)).await?;
    let rows = events.iter().map(|event| row(event, &names));
    Ok(match layout {
        Layout::Table => table(HEAD, rows),
        Layout::Lines => rows.map(|row| row.join("  ") + "\n").collect(),
    })
}

fn accounts(event: &CloudEvent) -> Vec<Uuid> {
    let actor = event.actorid.as_deref().filter(|_| event.actor == "user");
    let ids = actor.into_iter().chain([event.subject.as_str()]);
    ids.filter_map(|id| Uuid::parse_str(id).ok()).collect()
}

fn row(event: &CloudEvent, names: &Names) -> [String; 6] {
    let name = |id: &str| Uuid::parse_str(id).map_or_else(|_| id.to_owned(), |id| names.name(id));
    let who = match event.actorid.as_deref() {
        Some(id) if event.actor == "user" => name(id),
        Some(id) => format!("{} {id}", event.actor),
        None => event.actor.clone(),
    };
    [
        event.sequence.clone(),
        event.time.clone(),
        event.kind.strip_prefix(PREFIX).unwrap_or(&event.kind).to_owned(),
        printable(&name(&event.subject)),
        printable(&who),
        event.data.get().to_owned(),
    ]
}

fn start(text: &str) -> Result<Start, String> {
    text.parse().map_err(|_| "neither the sequence of an event nor `latest`".to_owned())
}

/// As an event has it, or as the table shows it.
fn kind(text: &str) -> Result<String, String> {
    let whole = if text.starts_with(PREFIX) { text.to_owned() } else { format!("{PREFIX}{text}") };
    let known = EventKind::parse(&whole).map(|_| whole);
    known.ok_or_else(|| "no type of events: see docs/reference/events.md".to_owned())
}

fn limit(text: &str) -> Result<usize, String> {
    let limit = text.parse().ok().filter(|limit| (1..=1000).contains(limit));
    limit.ok_or_else(|| "not a number from 1 to 1000".to_owned())
}
