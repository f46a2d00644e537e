//! What is done in several steps, each refused until the one before is done (docs/decisions/0042).
//!
//! The client holds an opaque key; what the steps said is sealed here. A code is bound to the flow that
//! sent it, and a flow to its surface.

mod flow;
mod recovery;
mod registration;
mod sign_in;

pub use flow::ShownKey;
pub use recovery::{begin_recovery, confirm_recovery, recover_password};
pub use registration::{begin_registration, confirm_registration};
pub use sign_in::{begin_sign_in, confirm_sign_in};
