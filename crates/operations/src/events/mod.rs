//! The log as others are told of it: numbered by one leader, in `CloudEvents`, in order.

mod bell;
mod cloud_event;
mod cursor;
mod endpoints;
mod feed;
mod filter;
mod forget;
mod head;
mod leader;
mod message;
mod newest;
mod number;
mod reference;
mod relay;
mod replay;
mod scan;
mod schema;
mod sink;
mod state;
mod status;

pub(crate) use bell::Bell;
pub use cloud_event::{CloudEvent, EventSource};
pub use cursor::{Cursor, NotACursor, Start};
pub use feed::{FeedPage, begin, follow, list};
pub use filter::EventFilter;
pub(crate) use forget::forget_some;
pub(crate) use head::KnownHead;
pub use leader::{LeaderSettings, lead, relay_due};
pub use newest::{NewestPage, newest};
pub use reference::reference;
pub use replay::{AskReplay, replay};
pub use schema::{envelope, schema, schemas};
pub use sink::{Contents, Sink};
pub(crate) use status::observe;
pub use status::{LogStatus, SinkStatus, status};
