//! The log as others are told of it: numbered by one leader, in `CloudEvents`, in order.

mod bell;
mod cloud_event;
mod leader;
mod number;
mod read;
mod reference;
mod schema;

pub(crate) use bell::Bell;
pub use cloud_event::{CloudEvent, EventSource};
pub use leader::{LeaderSettings, lead};
pub use number::number_due;
pub use read::{Page, read, wait};
pub use reference::reference;
pub use schema::{schema, schemas};
