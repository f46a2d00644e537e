//! Guesses at a password, counted in the database whatever else is limited where: one counter an
//! account, by whatever name, surface or path it is reached (LGN-05, LGN-10).

mod bucket;
mod settle;
mod slot;
mod untold;

pub(crate) use bucket::Whose;
pub(crate) use settle::{forget_failures, tell_of_success};
pub(crate) use slot::{Attempt, LostSlots};
pub(crate) use untold::UntoldFailures;
pub use untold::{keep_failures_told, tell_of_failures};
