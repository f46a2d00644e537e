//! The log for administrators: from its end back.

use domain::Permission;

use super::cloud_event::CloudEvent;
use super::cursor::Cursor;
use super::filter::EventFilter;
use super::scan::{Way, scan};
use crate::authority;
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::services::Services;

#[derive(Debug)]
pub struct NewestPage {
    /// The newest first.
    pub events: Vec<CloudEvent>,
    /// Where older ones begin; none at the end.
    pub next: Option<Cursor>,
}

/// The wanted events before `before`, at most `limit`, for whoever may read the audit trail. Fewer or
/// none where they are rare; there may be more as long as there is a `next`.
pub async fn newest(
    services: &Services,
    ctx: &Context,
    filter: &EventFilter,
    before: Option<Cursor>,
    limit: usize,
) -> Result<NewestPage> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::AuditRead).await?;
    let from = before.map_or(i64::MAX, |before| before.0);
    let found = scan(&mut read, Way::Back, from, filter, limit).await?;
    drop(read);
    let told = found.events.iter().map(|event| CloudEvent::of(event, &services.event_source));
    let events = told.collect::<Result<_, _>>().map_err(Fault::Encoding)?;
    // Numbers begin at 1.
    let has_more = !found.is_end && found.position > 1;
    Ok(NewestPage { events, next: has_more.then_some(Cursor(found.position)) })
}
