//! What our mails say.

mod message;
mod templates;

pub(crate) use message::{ACCOUNT_ERASED, Message};
pub(crate) use templates::Templates;
