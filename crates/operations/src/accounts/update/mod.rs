//! Change an account: one's own, or as an administrator another's.

mod apply;
mod changes;
mod check;
mod credential;
mod others;
mod own;
mod username;
mod write;

pub(super) use apply::{Applied, apply};
pub use changes::{AccountChange, Change};
pub(super) use check::{check, check_profile};
pub use credential::{NewCredential, set_credential};
pub(crate) use others::update_other_in;
pub use others::{UpdateOther, update_other};
pub(super) use own::update_and_block;
pub use own::{UpdateOwn, update_own};
pub use username::reset_username;
