//! What every surface is built from.

mod answer;
mod bearer;
mod body;
mod client;
mod cookies;
mod dialect;
mod failure;
mod fields;
pub(crate) mod health;
mod idempotency;
mod json;
pub(crate) mod layers;
mod origin;
mod request_id;
mod routes;
mod state;

pub(crate) use answer::Answer;
pub(crate) use bearer::{Bearer, Credentials};
pub(crate) use body::{Body, OptionalBody};
pub(crate) use client::Caller;
pub(crate) use cookies::TokenCookies;
pub(crate) use dialect::{Dialect, Rejection};
pub(crate) use failure::Failure;
pub(crate) use fields::{FieldProblem, Fields, FromFields, Shape, UnknownFields};
pub(crate) use idempotency::IdempotencyKey;
pub(crate) use request_id::current as current_request_id;
pub(crate) use routes::Routes;
pub use state::{ApiSettings, Front};
