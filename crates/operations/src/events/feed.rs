//! The log for whoever follows it: from where they were, and as soon as there is more.

use std::time::Duration;

use domain::Refusal;
use storage::{Read, event_leader, event_log};
use tokio::time::Instant;

use super::cloud_event::CloudEvent;
use super::cursor::{Cursor, Start};
use super::filter::EventFilter;
use super::head::known_head;
use super::reader::Reader;
use super::scan::{Way, scan};
use crate::error::{Fault, Result};
use crate::services::Services;

/// Whoever numbers may be another instance, which tells nobody here.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Who waits for something rare looks through so many events, and is told where to go on.
const MOST_LOOKED_AT: usize = 50_000;

/// Some events of the log, in order.
#[derive(Debug)]
pub struct FeedPage {
    pub events: Vec<CloudEvent>,
    /// Where to go on. It moves on also past events that are not wanted.
    pub next: Cursor,
}

/// Where to read from; none when the log has never been so long, or is so no more. Whoever goes on where
/// events were forgotten has missed some, and is told so.
pub async fn begin(services: &Services, start: Start) -> Result<Option<Cursor>> {
    let mut read = services.store.read().await?;
    let head = Cursor(event_leader::head(&mut read).await?);
    let cursor = match start {
        Start::Latest => return Ok(Some(head)),
        Start::After(cursor) => cursor,
    };
    if cursor > head {
        return Ok(None);
    }
    ensure_kept(&mut read, cursor, head.0).await?;
    Ok(Some(cursor))
}

/// Whoever begins, begins with what there is.
async fn ensure_kept(read: &mut Read, after: Cursor, head: i64) -> Result<()> {
    let first = event_log::first(read).await?.unwrap_or(head + 1);
    if after > Cursor::default() && after.0 + 1 < first {
        return Err(Refusal::EventsForgotten.into());
    }
    Ok(())
}

/// The next wanted events after `after`, at most `limit`. Fewer or none, when there are no more or they
/// are rare: whoever goes on from `next` misses none.
pub async fn list(
    services: &Services,
    reader: &Reader,
    filter: &EventFilter,
    after: Cursor,
    limit: usize,
) -> Result<FeedPage> {
    look(services, reader, filter, after, limit).await.map(|(page, _)| page)
}

/// Answers beside it how many events were looked at.
async fn look(
    services: &Services,
    reader: &Reader,
    filter: &EventFilter,
    after: Cursor,
    limit: usize,
) -> Result<(FeedPage, usize)> {
    let looking = reader.look(services).await?;
    let mut read = services.store.read().await?;
    // What has a number up to this one is all there to be seen.
    let head = event_leader::head(&mut read).await?;
    let found = scan(&mut read, Way::Onwards { until: head }, after.0, filter, limit).await?;
    // Afterwards: what is forgotten meanwhile was read before, or is missed here.
    ensure_kept(&mut read, after, head).await?;
    drop((read, looking));
    let told = found.events.iter().map(|event| CloudEvent::of(event, &services.event_source));
    let events = told.collect::<Result<_, _>>().map_err(Fault::Encoding)?;
    let next = if found.is_end { found.position.max(head) } else { found.position };
    Ok((FeedPage { events, next: Cursor(next) }, found.looked_at))
}

/// The same, as soon as there are some; none after `patience`, when `stop` resolves, or when much was
/// looked through in vain. Nothing of the database is held while there is nothing new.
pub async fn follow(
    services: &Services,
    reader: &Reader,
    filter: &EventFilter,
    after: Cursor,
    limit: usize,
    patience: Duration,
    stop: impl Future<Output = ()>,
) -> Result<FeedPage> {
    let deadline = Instant::now() + patience;
    let (mut page, mut looked_at) = look(services, reader, filter, after, limit).await?;
    tokio::pin!(stop);
    loop {
        if !page.events.is_empty() || looked_at >= MOST_LOOKED_AT {
            return Ok(page);
        }
        let numbered = services.bell.numbered();
        let is_behind = known_head(services).await? > page.next.0;
        if is_behind {
            let (next, more) = look(services, reader, filter, page.next, limit).await?;
            page = next;
            looked_at += more;
        }
        // What is wanted may lie behind much that is not.
        let pause = if is_behind { Duration::ZERO } else { LOOK_EVERY };
        tokio::select! {
            () = &mut stop => return Ok(page),
            () = tokio::time::sleep_until(deadline) => return Ok(page),
            () = numbered => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
