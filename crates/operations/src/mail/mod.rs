//! What our mails say.

mod links;
mod message;
mod templates;

pub(crate) use links::LinkTo;
pub use links::{Links, TOKEN_PLACE};
pub(crate) use message::{ACCOUNT_ERASED, Message, password_changed};
pub(crate) use templates::Templates;
