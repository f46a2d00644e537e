//! The feed as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use domain::Permission;
use futures_util::stream::{self, Stream};
use operations::Context;
use operations::events::{CloudEvent, Cursor, EventFilter, Reader, follow};
use operations::service_accounts::ensure_still_may;
use tokio::time::Instant;

use crate::kit::Front;

/// Proxies close what is silent for longer.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Then the client connects again, and proves again who it is.
const LONGEST_STREAM: Duration = Duration::from_mins(5);
/// A service that may read no more hears nothing for longer.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Read at once.
const PIECE: usize = 100;

struct Feed {
    front: Front,
    ctx: Context,
    reader: Reader,
    filter: EventFilter,
    /// Everything up to it was taken from the log.
    position: Cursor,
    /// Taken and not told yet.
    waiting: VecDeque<CloudEvent>,
    ends_at: Instant,
    looked_at: Instant,
    /// The client knows where to go on.
    is_placed: bool,
}

/// The stream ends when the process stops, after a while, when the service may read no more, and when
/// the database fails: clients go on from the last id.
pub(super) fn stream(
    front: Front,
    ctx: Context,
    reader: Reader,
    filter: EventFilter,
    position: Cursor,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let now = Instant::now();
    let feed = Feed {
        front,
        ctx,
        reader,
        filter,
        position,
        waiting: VecDeque::new(),
        ends_at: now + LONGEST_STREAM,
        looked_at: now,
        is_placed: false,
    };
    let events =
        stream::unfold(feed, |mut feed| async move { Some((Ok(feed.next().await?), feed)) });
    Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
}

impl Feed {
    async fn next(&mut self) -> Option<Event> {
        if !self.is_placed {
            self.is_placed = true;
            return Some(self.place());
        }
        while self.waiting.is_empty() {
            self.look_again().await?;
            let before = self.position;
            self.take().await?;
            if self.waiting.is_empty() && self.position != before {
                return Some(self.place());
            }
        }
        let event = self.waiting.pop_front()?;
        let told = Event::default().id(&event.sequence).event(&event.kind);
        told.json_data(&event).ok()
    }

    /// Tells where to go on and nothing else: browsers keep the id, and hand out no event.
    fn place(&self) -> Event {
        Event::default().id(self.position.to_string())
    }

    /// None at the end.
    async fn look_again(&mut self) -> Option<()> {
        if self.front.draining.has_begun() || self.ends_at <= Instant::now() {
            return None;
        }
        if self.looked_at.elapsed() >= LOOK_AGAIN {
            let may = ensure_still_may(&self.front.services, &self.ctx, Permission::EventsRead);
            may.await.ok()?;
            self.looked_at = Instant::now();
        }
        Some(())
    }

    /// Waits for events, but not for longer than until it is time to look again.
    async fn take(&mut self) -> Option<()> {
        let until = self.ends_at.min(self.looked_at + LOOK_AGAIN);
        let patience = until.saturating_duration_since(Instant::now());
        let Self { front, reader, filter, position, .. } = &*self;
        let stop = front.draining.begun();
        let page = follow(&front.services, reader, filter, *position, PIECE, patience, stop);
        let page = page.await.ok()?;
        self.position = page.next;
        self.waiting = page.events.into();
        Some(())
    }
}
