//! How Django REST framework 3.14 speaks, for the dialects whose originals were built on it.

mod accept;
mod body;
mod errors;
mod headers;
mod manners;

pub(crate) use errors::{detail, field_errors, reject, say_rules};
pub(crate) use manners::{Drf, Forms};
