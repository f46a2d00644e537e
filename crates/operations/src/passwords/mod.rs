//! Passwords on the server's side: how they are proved, checked, set and hashed. Their rules are
//! `domain::password`.

mod attempts;
pub mod hashing;
mod proof;
mod rules;
mod set;

pub(crate) use attempts::{LostSlots, Whose, tell_of_success};
pub(crate) use proof::Proof;
pub use rules::check_new;
pub use set::set_by_operator;
