//! The log as others are told of it: numbered by one leader, in `CloudEvents`, in order.

mod bell;
mod cloud_event;
mod leader;
mod message;
mod number;
mod read;
mod reference;
mod relay;
mod replay;
mod schema;
mod sink;
mod state;
mod status;

pub(crate) use bell::Bell;
pub use cloud_event::{CloudEvent, EventSource};
pub use leader::{LeaderSettings, lead, relay_due};
pub use read::{Page, read, wait};
pub use reference::reference;
pub use replay::{AskReplay, replay};
pub use schema::{schema, schemas};
pub use sink::{Contents, Sink};
pub(crate) use status::observe;
pub use status::{LogStatus, SinkStatus, status};
