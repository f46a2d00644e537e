//! Some accounts among many: those that fit a filter, in an order, as far as time allows.

mod bounds;
mod cursor;
mod few;
mod filter;
mod order;
mod select;
mod total;

pub(super) use cursor::seal_cursor;
pub use cursor::{Cursor, NotACursor, open_cursor};
pub(super) use few::{Few, few};
pub use filter::{Span, UserFilter};
pub(super) use select::{Selection, select};
pub(super) use total::total;

/// So many accounts are looked at together when an index names them.
const FEW: i64 = 10_000;
