//! Where events are sent as signed requests.

mod change;
mod create;
mod delete;
mod endpoint;
mod find;
mod pause;
mod rotate;
mod secret;
mod stream;

pub use change::{ChangeWebhook, change};
pub use create::{NewWebhook, create};
pub use delete::delete;
pub use endpoint::Webhook;
pub use find::{find, list};
pub(crate) use pause::{BY_HAND, close};
pub use pause::{pause, resume};
pub use rotate::{OVERLAP, rotate};
pub use secret::WebhookSecret;
pub(crate) use stream::{Endpoint, endpoints, sink_name, types_of_sink};
