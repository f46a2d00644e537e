//! What our mails say.

mod message;
mod templates;

pub(crate) use message::{Message, password_changed};
pub(crate) use templates::Templates;
