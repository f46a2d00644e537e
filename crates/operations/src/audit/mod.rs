//! The audit trail: who did what to whom, when and whence. Events with the values that they changed,
//! and the calls of administrators and the operator (docs/decisions/0023).

mod call;
mod entry;
mod key;
mod order;
mod pattern;
mod trail;
mod values;

pub use call::{Call, close, open};
pub use entry::{Entry, Kind};
pub(crate) use key::key_of;
pub(crate) use order::Order;
pub(crate) use trail::entries_of;
pub use trail::{Page, Question, list, list_of};
pub use values::ChangedValue;
pub(crate) use values::Values;
