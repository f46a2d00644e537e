//! How many accounts fit, for whoever asks for that as well.

use storage::users::{self, Narrow, Sort, SortOrder};
use tokio::time::Instant;

use super::filter::UserFilter;
use super::select::{Selection, select};
use crate::error::Result;
use crate::services::Services;

/// `None` when they could not be counted in time.
pub(in crate::accounts) async fn total(
    services: &Services,
    filter: &UserFilter,
    deadline: Instant,
) -> Result<Option<usize>> {
    if Instant::now() >= deadline {
        return Ok(None);
    }
    if filter.is_of_statuses() {
        return of_statuses(services, filter).await;
    }
    let mut after = None;
    let mut count = 0;
    loop {
        // The deadline is over at once: a piece at a time, of which only the number is kept.
        let (sort, order) = (Sort::Number, SortOrder::Ascending);
        let (limit, at_once) = (usize::MAX - 1, Instant::now());
        let piece = Selection { filter, sort, order, after, skip: 0, limit, deadline: at_once };
        let selected = select(services, &piece, None).await?;
        count += selected.found.len();
        match selected.next {
            None => return Ok(Some(count)),
            Some(_) if Instant::now() >= deadline => return Ok(None),
            Some(next) => after = Some(next.position),
        }
    }
}

async fn of_statuses(services: &Services, filter: &UserFilter) -> Result<Option<usize>> {
    let mut read = services.store.read().await?;
    let mut total = 0;
    for status in filter.statuses() {
        match users::count_narrow(&mut read, Narrow::Status(status), i64::MAX).await {
            Ok(count) => total += usize::try_from(count).unwrap_or_default(),
            // The limit of statements, which is there for the others.
            Err(storage::Error::Unavailable { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(total))
}
