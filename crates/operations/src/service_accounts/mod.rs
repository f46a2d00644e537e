//! Services: clients of the API that are no people, and the secrets by which they are known.

mod authenticate;
mod create;
mod delete;
mod find;
mod guesses;
mod manage;
mod permit;
mod rotate;
mod secret;
mod standing;

pub use authenticate::authenticate_service;
pub use create::{NewServiceAccount, create};
pub use delete::delete;
pub use find::{find, find_by_name, list};
pub(crate) use guesses::ServiceGuesses;
pub use permit::{forbid, permit};
pub use rotate::{OVERLAP, rotate};
pub use standing::ensure_still_may;
