//! Wait until something is revoked.

use std::time::Duration;

use tokio::time::Instant;

use super::cursor::Cursor;
use super::list::{Revocations, list};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// However much happens, the database is asked at most so often for each who waits.
const PAUSE: Duration = Duration::from_millis(100);

/// The revocations since `since`: as soon as there are new ones, at the latest after `patience`
/// or when `stop` resolves.
pub async fn wait(
    services: &Services,
    ctx: &Context,
    since: Cursor,
    patience: Duration,
    stop: impl Future<Output = ()>,
) -> Result<Revocations> {
    let deadline = Instant::now() + patience;
    let mut news = services.cache.news();
    tokio::pin!(stop);
    loop {
        news.mark_unchanged();
        let now = &Context { now: services.clock.now(), ..ctx.clone() };
        let found = list(services, now, Some(since)).await?;
        if found.next != since {
            return Ok(found);
        }
        tokio::select! {
            () = &mut stop => return Ok(found),
            () = tokio::time::sleep_until(deadline) => return Ok(found),
            () = heard(&mut news) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Resolves when some account changed. Never, when nobody tells any more.
async fn heard(news: &mut tokio::sync::watch::Receiver<()>) {
    if news.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}
