//! What our mails say.

mod message;
mod templates;

pub(crate) use message::{ACCOUNT_ERASED, Message, password_changed};
pub(crate) use templates::Templates;
