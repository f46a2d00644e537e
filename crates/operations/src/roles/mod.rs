//! Who may what.

mod bootstrap;
mod grant;
mod holders;

pub use bootstrap::bootstrap_admin;
pub(crate) use grant::ensure_not_last_admin;
pub use grant::{grant, revoke};
pub use holders::holders;
