//! Reading the log from where one was, and waiting for what comes next.

use std::time::Duration;

use storage::event_log;
use tokio::time::Instant;

use super::cloud_event::CloudEvent;
use crate::error::{Fault, Result};
use crate::services::Services;

/// Whoever numbers may be another instance, which tells nobody here.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A part of the log.
#[derive(Debug)]
pub struct Page {
    /// In order, without gaps.
    pub events: Vec<CloudEvent>,
    /// Where to go on: the number of the last event, or where it was asked from.
    pub next: i64,
}

/// The events after the one with this number, at most `limit`.
pub async fn read(services: &Services, after: i64, limit: i64) -> Result<Page> {
    let mut read = services.store.read().await?;
    let logged = event_log::after(&mut read, after, i64::MAX, limit).await?;
    drop(read);
    let next = logged.last().map_or(after, |last| last.position);
    let told = logged.iter().map(|logged| CloudEvent::of(logged, &services.event_source));
    let events = told.collect::<Result<_, _>>().map_err(Fault::Encoding)?;
    Ok(Page { events, next })
}

/// The same, as soon as there are some; none after `patience` or when `stop` resolves.
pub async fn wait(
    services: &Services,
    after: i64,
    limit: i64,
    patience: Duration,
    stop: impl Future<Output = ()>,
) -> Result<Page> {
    let deadline = Instant::now() + patience;
    tokio::pin!(stop);
    loop {
        let numbered = services.bell.numbered();
        let page = read(services, after, limit).await?;
        if !page.events.is_empty() {
            return Ok(page);
        }
        tokio::select! {
            () = &mut stop => return Ok(page),
            () = tokio::time::sleep_until(deadline) => return Ok(page),
            () = numbered => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
