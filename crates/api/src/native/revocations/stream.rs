//! The feed as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream};
use operations::Context;
use operations::revocations::{self, Cursor, Revocations};
use tokio::time::Instant;

use super::view::RevocationsView;
use crate::kit::{Failure, Front};
use crate::native::Native;

pub(super) const MEDIA_TYPE: &str = "text/event-stream";

/// Proxies close what is silent for longer.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Then the client connects again, and proves again who it is.
const LONGEST_STREAM: Duration = Duration::from_mins(5);

struct Feed {
    front: Front,
    ctx: Context,
    ends_at: Instant,
    /// What is told next; none: what will be news.
    first: Option<Revocations>,
    since: Cursor,
}

/// The first event is what a request without waiting would get. The stream ends when the process
/// stops, after a while, and when the database fails: clients go on elsewhere from the last id.
pub(super) async fn stream(
    front: Front,
    ctx: Context,
    since: Option<Cursor>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure<Native>> {
    let first = revocations::list(&front.services, &ctx, since).await?;
    let since = first.next;
    let ends_at = Instant::now() + LONGEST_STREAM;
    let feed = Feed { front, ctx, ends_at, first: Some(first), since };
    let events = stream::unfold(feed, |mut feed| async move {
        let found = feed.next().await?;
        feed.since = found.next;
        let view = RevocationsView::from(&found);
        let event = Event::default().event("revocations").id(found.next.to_string());
        Some((Ok(event.json_data(&view).ok()?), feed))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

impl Feed {
    async fn next(&mut self) -> Option<Revocations> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        let patience = self.ends_at.saturating_duration_since(Instant::now());
        let Self { front, ctx, since, .. } = self;
        let stop = front.draining.begun();
        let news = revocations::wait(&front.services, ctx, *since, patience, stop).await.ok()?;
        (news.next != *since).then_some(news)
    }
}
