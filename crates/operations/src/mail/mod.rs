//! What our mails say.

mod message;
mod templates;

pub(crate) use message::Message;
pub(crate) use templates::Templates;
