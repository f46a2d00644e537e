//! How FastAPI 0.104 with pydantic 2.5 speaks, for the dialects whose originals were built on it.

mod body;
mod decode;
mod document;
mod email;
mod errors;
mod form;
mod manners;
mod query;
mod reject;
mod wire;

pub(crate) use body::{DeleteOwnBody, Login};
pub(crate) use document::{Detail, ValidationDetail};
pub(crate) use email::address;
pub(crate) use errors::{Texts, list_of_rules};
pub(crate) use form::{FormLogin, JsonOrFormLogin};
pub(crate) use manners::{FastApi, FieldNames};
pub(crate) use query::Query;
pub(crate) use reject::{detail, reject, unauthorized};
pub(crate) use wire::naive_utc;
