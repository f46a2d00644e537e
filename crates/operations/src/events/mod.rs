//! The log as others are told of it: numbered by one leader, in `CloudEvents`, in order.

mod bell;
mod cloud_event;
mod cursor;
mod feed;
mod filter;
mod head;
mod leader;
mod newest;
mod number;
mod read;
mod reference;
mod scan;
mod schema;

pub(crate) use bell::Bell;
pub use cloud_event::{CloudEvent, EventSource};
pub use cursor::{Cursor, NotACursor, Start};
pub use feed::{FeedPage, begin, follow, list};
pub use filter::EventFilter;
pub(crate) use head::KnownHead;
pub use leader::{LeaderSettings, lead};
pub use newest::{NewestPage, newest};
pub use number::number_due;
pub use read::{Page, read, wait};
pub use reference::reference;
pub use schema::{envelope, schema, schemas};
