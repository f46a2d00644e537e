//! Are events relayed, to everybody who is told of them?

use std::time::Duration;

use domain::Timestamp;
use operations::events::{Standing, standings};
use storage::{Store, command_queue, event_dead_letters, event_leader, event_log, revocations};

use super::finding::Finding;
use crate::config::Settings;
use crate::ways;

const CHECK: &str = "events";
/// Relayed within a second as a rule, and ten seconds after a stream is back.
const LATE: Duration = Duration::from_mins(5);

pub(super) async fn check(settings: &Settings, store: &Store) -> Finding {
    let takes_commands = settings.kafka.commands.topic.is_some();
    match look(store, &ways::topics(settings), takes_commands).await {
        Ok(finding) => finding,
        Err(error) => Finding::problem(CHECK, error.chain(), "see what the server logs"),
    }
}

async fn look(
    store: &Store,
    topics: &[&str],
    takes_commands: bool,
) -> Result<Finding, storage::Error> {
    let read = &mut store.read().await?;
    if takes_commands && let Some((since, reason)) = command_queue::failing(read).await? {
        let says = format!("commands do not come since {}: {reason}", since.to_rfc3339());
        let mend = "make the topic, or let kafka.username read it; see what the server logs";
        return Ok(Finding::problem(CHECK, says, mend));
    }
    let leader = event_leader::state(read).await?;
    let now = Timestamp::from_micros(revocations::now(read).await?.0);
    let since = event_log::unnumbered_since(read).await?;
    if since.is_some_and(|since| now.since(since) > LATE) {
        let count = event_log::count_unnumbered(read).await?;
        let led = if leader.is_led { "" } else { ", and no instance relays them" };
        let says = format!("{count} events wait{led}");
        let mend = "see whether a worker runs (`vestibule serve` or `vestibule worker`)";
        return Ok(Finding::problem(CHECK, says, mend));
    }
    let (mut parked, mut given_up) = (0, Vec::new());
    for (cursor, standing) in standings(read, topics).await? {
        if standing.is_given_up() {
            given_up.push(cursor.sink.clone());
        }
        // What nobody is told of is late for nobody.
        if standing != Standing::Active {
            continue;
        }
        let next = event_log::recorded_after(read, cursor.position).await?;
        let waits = next.map(|next| now.since(next));
        if waits.is_some_and(|waits| waits > LATE) {
            let lag = leader.position - cursor.position;
            let why =
                cursor.failing.map_or_else(String::new, |failing| format!(": {}", failing.reason));
            let says = format!("{} is {lag} events behind{why}", cursor.sink);
            let mend = "see `vestibule events status` and the checks of kafka here";
            return Ok(Finding::problem(CHECK, says, mend));
        }
        parked += event_dead_letters::count(read, &cursor.sink).await?;
    }
    if !given_up.is_empty() {
        return Ok(Finding::warning(
            CHECK,
            format!("{} took nothing and is paused", given_up.join(", ")),
            "see `vestibule webhook list` for why; `vestibule webhook resume` sends all of it",
        ));
    }
    Ok(match parked {
        0 => Finding::ok(CHECK, format!("{} numbered, nothing is late", leader.position)),
        parked => Finding::warning(
            CHECK,
            format!("{parked} were refused and are parked"),
            "see `vestibule events status`; `vestibule events replay` tells them again",
        ),
    })
}
