//! Going through the log for some of its events. How much one question may look through is bounded: the
//! answer then says how far it came, and whoever asks goes on from there.

use storage::Read;
use storage::event_log::{self, Logged};

use super::filter::EventFilter;
use crate::error::Result;

/// Looked through at once, where only some are wanted.
const PIECE: i64 = 1000;
const PIECES: usize = 10;

#[derive(Clone, Copy)]
pub(super) enum Way {
    /// Up to the event with this number.
    Onwards {
        until: i64,
    },
    Back,
}

pub(super) struct Scanned {
    pub(super) events: Vec<Logged>,
    /// The last event that was looked at, or where it was asked from.
    pub(super) position: i64,
    /// How many were.
    pub(super) looked_at: usize,
    pub(super) is_end: bool,
}

pub(super) async fn scan(
    read: &mut Read,
    way: Way,
    from: i64,
    filter: &EventFilter,
    limit: usize,
) -> Result<Scanned> {
    let mut found = Scanned { events: Vec::new(), position: from, looked_at: 0, is_end: false };
    for _ in 0..PIECES {
        let left = limit.saturating_sub(found.events.len());
        let wanted =
            if filter.kinds.is_empty() { i64::try_from(left).unwrap_or(PIECE) } else { PIECE };
        let piece = piece(read, way, found.position, filter, wanted).await?;
        let is_last = piece.len() < usize::try_from(wanted).unwrap_or(usize::MAX);
        found.looked_at += piece.len();
        for event in piece {
            found.position = event.position;
            if filter.takes(&event) {
                found.events.push(event);
            }
            if found.events.len() >= limit {
                return Ok(found);
            }
        }
        if is_last {
            found.is_end = true;
            return Ok(found);
        }
    }
    Ok(found)
}

async fn piece(
    read: &mut Read,
    way: Way,
    from: i64,
    filter: &EventFilter,
    limit: i64,
) -> Result<Vec<Logged>> {
    Ok(match (way, filter.user) {
        (Way::Onwards { until }, None) => event_log::after(read, from, until, limit).await?,
        (Way::Onwards { until }, Some(user)) => {
            event_log::of_user_after(read, user, from, until, limit).await?
        }
        (Way::Back, None) => event_log::before(read, from, limit).await?,
        (Way::Back, Some(user)) => event_log::of_user_before(read, user, from, limit).await?,
    })
}
