//! How Django REST framework 3.14 speaks, for the dialects whose originals were built on it.

mod accept;
mod body;
mod errors;

pub(crate) use accept::is_acceptable;
pub(crate) use body::read_body;
pub(crate) use errors::{detail, field_errors, reject, say_rules};
