//! `vestibule events status`

use clap::Args;
use domain::Timestamp;
use operations::events::{self, LogStatus, SinkStatus, Standing};
use operations::{Context, Services};
use serde_json::{Value, json};

use crate::cli::outcome::Outcome;
use crate::cli::output::{print, printable};
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct Status {
    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn status(services: &Services, ctx: &Context, arguments: &Status) -> Outcome {
    let status = events::status(services, ctx).await?;
    if arguments.json {
        return print(&format!("{}\n", for_machines(&status)));
    }
    print(&for_people(&status))
}

fn for_people(status: &LogStatus) -> String {
    let led = if status.is_led { "an instance relays" } else { "nobody relays" };
    let oldest = status.oldest.map_or_else(|| "-".to_owned(), Timestamp::to_rfc3339);
    let mut text = format!(
        "log     {led}\nevents  {} numbered, {} not yet; the oldest of {oldest}\n",
        status.head, status.unnumbered
    );
    if !status.held_by.is_empty() {
        let held_by = status.held_by.join(", ");
        let kept = ["kept    longer than events.keep, until taken by ", &held_by, "\n"];
        text.extend(kept);
    }
    if let Some((since, reason)) = &status.commands_failing {
        let since = since.to_rfc3339();
        text.push_str(&printable(&format!("commands do not come since {since}: {reason}")));
        text.push('\n');
    }
    if status.sinks.is_empty() {
        text.push_str("nobody was told of events yet\n");
    } else {
        const HEAD: [&str; 8] =
            ["SINK", "STATE", "AT", "LAG", "WAITS", "PARKED", "REPLAYS", "TROUBLE"];
        text.push('\n');
        text.push_str(&table(HEAD, status.sinks.iter().map(row)));
    }
    if !status.dead_letters.is_empty() {
        text.push('\n');
        let rows = status.dead_letters.iter().map(|letter| {
            let what = match letter.position {
                // Its state was told by itself.
                place @ ..0 => format!("account {}", place.unsigned_abs()),
                position => position.to_string(),
            };
            [letter.sink.clone(), what, printable(&letter.reason)]
        });
        text.push_str(&table(["SINK", "PARKED", "REASON"], rows));
    }
    text
}

fn row(sink: &SinkStatus) -> [String; 8] {
    let waits = sink.waits.map_or_else(|| "-".to_owned(), |waits| format!("{} s", waits.as_secs()));
    let paused = match &sink.standing {
        Standing::Paused { since, because } => Some((since, because)),
        Standing::Active | Standing::Unset => None,
    };
    let failing = sink.failing.as_ref().map(|(since, reason)| (since, reason));
    let trouble = match paused.or(failing) {
        Some((since, reason)) => printable(&format!("since {}: {reason}", since.to_rfc3339())),
        None => "-".to_owned(),
    };
    [
        sink.name.clone(),
        sink.standing.as_str().to_owned(),
        sink.position.to_string(),
        sink.lag.to_string(),
        waits,
        sink.dead_letters.to_string(),
        sink.open_replays.to_string(),
        trouble,
    ]
}

fn for_machines(status: &LogStatus) -> Value {
    let sinks = status.sinks.iter().map(|sink| {
        json!({
            "name": sink.name,
            "state": sink.standing.as_str(),
            "position": sink.position,
            "lag": sink.lag,
            "waits_seconds": sink.waits.map(|waits| waits.as_secs()),
            "failing_since": sink.failing.as_ref().map(|(since, _)| since.to_rfc3339()),
            "failing_reason": sink.failing.as_ref().map(|(_, reason)| reason),
            "dead_letters": sink.dead_letters,
            "open_replays": sink.open_replays,
        })
    });
    let dead_letters = status.dead_letters.iter().map(|letter| {
        json!({
            "sink": letter.sink,
            "position": letter.position,
            "reason": letter.reason,
            "parked_at": letter.parked_at.to_rfc3339(),
        })
    });
    json!({
        "led": status.is_led,
        "head": status.head,
        "unnumbered": status.unnumbered,
        "oldest": status.oldest.map(Timestamp::to_rfc3339),
        "held_by": status.held_by,
        "commands_failing_since": status.commands_failing.as_ref().map(|(since, _)| since.to_rfc3339()),
        "commands_failing_reason": status.commands_failing.as_ref().map(|(_, reason)| reason),
        "sinks": sinks.collect::<Vec<_>>(),
        "dead_letters": dead_letters.collect::<Vec<_>>(),
    })
}
