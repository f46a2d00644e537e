//! How the log and those who are told of it are.

use std::time::Duration;

use domain::{Permission, Timestamp};
use storage::event_dead_letters::{self, DeadLetter};
use storage::event_leader::{self, Leader};
use storage::event_replays::{self, ReplayOf};
use storage::{Read, command_queue, event_log};

use super::standing::{Standing, standings};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Of the dead letters so many are shown, the newest.
const SHOWN: i64 = 20;

#[derive(Clone, Debug)]
pub struct LogStatus {
    /// Whether an instance numbers and relays it.
    pub is_led: bool,
    /// The number that an event was given last.
    pub head: i64,
    /// Events that have no number yet.
    pub unnumbered: i64,
    /// The first event that is kept, by the clock of the database.
    pub oldest: Option<Timestamp>,
    /// Who keeps events that are older than they are to be kept: they were not told of them yet, or again.
    pub held_by: Vec<String>,
    /// Since when and why no commands of other services come.
    pub commands_failing: Option<(Timestamp, String)>,
    pub sinks: Vec<SinkStatus>,
    pub dead_letters: Vec<DeadLetter>,
}

#[derive(Clone, Debug)]
pub struct SinkStatus {
    pub name: String,
    pub standing: Standing,
    /// Everything up to it was taken.
    pub position: i64,
    pub lag: i64,
    /// How long the first event that was not taken waits.
    pub waits: Option<Duration>,
    /// Since when and why nothing is taken.
    pub failing: Option<(Timestamp, String)>,
    pub dead_letters: i64,
    pub open_replays: i64,
}

pub async fn status(services: &Services, ctx: &Context) -> Result<LogStatus> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::JobsRead).await?;
    let dead_letters = event_dead_letters::list(&mut read, SHOWN).await?;
    let commands_failing = command_queue::failing(&mut read).await?;
    Ok(LogStatus { commands_failing, dead_letters, ..without_letters(services, &mut read).await? })
}

/// What can be asked again and again: letters are sorted to find the newest, however many there are.
pub(super) async fn without_letters(services: &Services, read: &mut Read) -> Result<LogStatus> {
    let Leader { position: head, is_led, .. } = event_leader::state(read).await?;
    let now = storage::revocations::now(read).await?;
    let now = Timestamp::from_micros(now.0);
    let oldest = event_log::recorded_after(read, 0).await?;
    let first = event_log::first(read).await?.unwrap_or(0);
    let is_past = services.keep_events.is_some_and(|keep| oldest.is_some_and(|at| at < now - keep));
    let (mut sinks, mut held_by) = (Vec::new(), Vec::new());
    for (cursor, standing) in standings(read, &services.topics()).await? {
        let again = event_replays::open(read, &cursor.sink).await?;
        let again = again.filter(|replay| replay.of == ReplayOf::Events);
        if is_past && again.map_or(i64::MAX, |one| one.position).min(cursor.position) < first {
            held_by.push(cursor.sink.clone());
        }
        let next = event_log::recorded_after(read, cursor.position).await?;
        sinks.push(SinkStatus {
            position: cursor.position,
            lag: (head - cursor.position).max(0),
            waits: next.map(|next| now.since(next)),
            failing: cursor.failing.map(|failing| (failing.since, failing.reason)),
            standing,
            dead_letters: event_dead_letters::count(read, &cursor.sink).await?,
            open_replays: event_replays::count(read, &cursor.sink).await?,
            name: cursor.sink,
        });
    }
    Ok(LogStatus {
        is_led,
        head,
        unnumbered: event_log::count_unnumbered(read).await?,
        oldest,
        held_by,
        commands_failing: None,
        sinks,
        dead_letters: Vec::new(),
    })
}
