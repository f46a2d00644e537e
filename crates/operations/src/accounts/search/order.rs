//! Which of two places comes first, as the databases have it.

use std::cmp::Ordering;

use storage::users::{Position, SortOrder};

/// Places of one sort. Those without a value come last in both orders.
pub(super) fn compare(order: SortOrder, one: &Position, other: &Position) -> Ordering {
    use Position::{Key, Number, Time, Without};
    let upwards = match (one, other) {
        (Without(one), Without(other)) | (Number(one), Number(other)) => one.cmp(other),
        (Time(one, first), Time(other, second)) => (one, first).cmp(&(other, second)),
        // Byte by byte, as keys are compared everywhere.
        (Key(one), Key(other)) => one.as_bytes().cmp(other.as_bytes()),
        (Without(_), Number(_) | Time(..) | Key(_)) => return Ordering::Greater,
        (Number(_) | Time(..) | Key(_), Without(_)) => return Ordering::Less,
        // Of two sorts: no cursor of ours leads here.
        (Number(_) | Time(..) | Key(_), Number(_) | Time(..) | Key(_)) => Ordering::Equal,
    };
    match order {
        SortOrder::Ascending => upwards,
        SortOrder::Descending => upwards.reverse(),
    }
}
