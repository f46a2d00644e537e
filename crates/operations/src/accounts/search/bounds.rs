//! Where a walk begins and ends when its order is that of a span that is asked for.

use domain::Timestamp;
use storage::users::{Candidate, Position, Sort, SortOrder};

use super::filter::{Span, UserFilter};

fn span(filter: &UserFilter, sort: Sort) -> Span {
    match sort {
        Sort::CreatedAt => filter.created,
        Sort::LastLoginAt => filter.last_login,
        Sort::Number | Sort::Username | Sort::Email => Span::default(),
    }
}

/// Before the first account that can fit.
pub(super) fn start(filter: &UserFilter, sort: Sort, order: SortOrder) -> Position {
    let Span { from, before } = span(filter, sort);
    let edge = match order {
        SortOrder::Ascending => from,
        SortOrder::Descending => before,
    };
    // Of the accounts of that very moment all come after, or none.
    edge.map_or_else(|| sort.start(order), |at| Position::Time(at.as_micros(), i64::MIN))
}

/// Whether nobody who fits can come after this one.
pub(super) fn is_past(filter: &UserFilter, sort: Sort, order: SortOrder, one: &Candidate) -> bool {
    let span = span(filter, sort);
    let at = match sort {
        Sort::CreatedAt => Some(one.created_at),
        Sort::LastLoginAt => one.last_login_at,
        Sort::Number | Sort::Username | Sort::Email => None,
    };
    let Some(at) = at else { return span.is_bounded() };
    let is_late = |edge: Option<Timestamp>| edge.is_some_and(|edge| at >= edge);
    let is_early = |edge: Option<Timestamp>| edge.is_some_and(|edge| at < edge);
    match order {
        SortOrder::Ascending => is_late(span.before),
        SortOrder::Descending => is_early(span.from),
    }
}
