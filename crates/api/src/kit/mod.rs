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
mod routes;
mod state;

pub(crate) use answer::Answer;
pub(crate) use bearer::{Bearer, Credentials};
pub(crate) use body::{Body, OptionalBody};
pub(crate) use client::Caller;
pub(crate) use cookies::TokenCookies;
pub(crate) use dialect::{Dialect, Rejection, UnknownFields};
pub(crate) use failure::Failure;
pub(crate) use fields::{FieldProblem, Fields, FromFields, Shape};
pub(crate) use idempotency::IdempotencyKey;
pub(crate) use routes::Routes;
pub use state::{ApiSettings, Front};
