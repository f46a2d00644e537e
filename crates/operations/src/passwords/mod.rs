//! Passwords on the server's side: how they are proved, checked, set and hashed. Their rules are
//! `domain::password`.

mod attempts;
pub mod hashing;
mod proof;
mod rules;
mod set;

pub(crate) use attempts::{LostSlots, UntoldFailures, Whose, forget_failures, tell_of_success};
pub use attempts::{keep_failures_told, tell_of_failures};
pub(crate) use proof::Proof;
pub use rules::check_new;
pub(crate) use rules::check_recovered;
pub use set::set_by_operator;
