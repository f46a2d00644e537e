//! The accounts that fit, from a place on, until there are enough of them or time is over.

use storage::users::{self, Candidate, Position, Sort, SortOrder};
use tokio::time::Instant;

use super::bounds::{is_past, start};
use super::cursor::Cursor;
use super::few::Few;
use super::filter::UserFilter;
use super::order::compare;
use crate::error::Result;
use crate::services::Services;

/// Rows that one statement reads: short enough for every limit of statements.
const PIECE: usize = 1_000;
const FIRST_PIECE: usize = 128;

pub(in crate::accounts) struct Selection<'a> {
    pub(in crate::accounts) filter: &'a UserFilter,
    pub(in crate::accounts) sort: Sort,
    pub(in crate::accounts) order: SortOrder,
    pub(in crate::accounts) after: Option<Position>,
    /// So many that fit are passed over first.
    pub(in crate::accounts) skip: usize,
    pub(in crate::accounts) limit: usize,
    /// One piece is looked at in any case, so that whoever goes on gets on.
    pub(in crate::accounts) deadline: Instant,
}

pub(in crate::accounts) struct Selected {
    pub(in crate::accounts) found: Vec<Candidate>,
    /// Where to go on; none at the end.
    pub(in crate::accounts) next: Option<Cursor>,
    /// Whether as many were found as were asked for, or all there are.
    pub(in crate::accounts) is_complete: bool,
}

pub(in crate::accounts) async fn select(
    services: &Services,
    selection: &Selection<'_>,
    few: Option<Few>,
) -> Result<Selected> {
    match few {
        Some(few) => Ok(selection.pick(few)),
        None => walk(services, selection).await,
    }
}

impl Selection<'_> {
    fn pick(&self, few: Few) -> Selected {
        let place = |one: &Candidate| self.sort.position(one);
        let mut found = few.0;
        found.sort_by(|one, other| compare(self.order, &place(one), &place(other)));
        if let Some(after) = &self.after {
            found.retain(|one| compare(self.order, &place(one), after).is_gt());
        }
        let mut found: Vec<_> = found.into_iter().skip(self.skip).collect();
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        let next = found.last().filter(|_| has_more).map(place);
        let next = next.map(|position| Cursor { position, skip: 0 });
        Selected { found, next, is_complete: true }
    }
}

async fn walk(services: &Services, selection: &Selection<'_>) -> Result<Selected> {
    let Selection { filter, sort, order, skip, limit, deadline, .. } = *selection;
    let (role, status) = (filter.role(), filter.rare_status());
    let mut position = selection.after.clone().unwrap_or_else(|| start(filter, sort, order));
    let (mut found, mut skipped, mut piece) =
        (Vec::new(), 0, (limit + 1).clamp(FIRST_PIECE, PIECE));
    loop {
        // Anew each time: whoever asks for less is not kept from a connection meanwhile.
        let mut read = services.store.read().await?;
        let rows = i64::try_from(piece).unwrap_or(i64::MAX);
        let some = match (&position, status) {
            (Position::Number(after), Some(status)) => {
                users::walk_status(&mut read, status, order, &role, *after, rows).await?
            }
            _ => users::walk(&mut read, sort, order, &role, &position, rows).await?,
        };
        drop(read);
        let is_last = some.len() < piece;
        for one in some {
            if is_past(filter, sort, order, &one) {
                return Ok(Selected { found, next: None, is_complete: true });
            }
            if !filter.fits(&one) {
                position = sort.position(&one);
            } else if skipped < skip {
                skipped += 1;
                position = sort.position(&one);
            } else if found.len() < limit {
                position = sort.position(&one);
                found.push(one);
            } else {
                // One more than is shown tells that there is more.
                let next = found.last().map(|last| sort.position(last));
                let next = next.map(|position| Cursor { position, skip: 0 });
                return Ok(Selected { found, next, is_complete: true });
            }
        }
        if is_last {
            match sort.second_half(order, &position) {
                Some(second) => position = second,
                None => return Ok(Selected { found, next: None, is_complete: true }),
            }
        }
        if Instant::now() >= deadline {
            let is_complete = found.len() == limit;
            let next = Some(Cursor { position, skip: skip - skipped });
            return Ok(Selected { found, next, is_complete });
        }
        piece = (piece * 2).min(PIECE);
    }
}
