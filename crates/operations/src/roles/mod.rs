//! Who may what.

mod bootstrap;
mod define;
mod find;
mod grant;
mod holders;
mod tell;

pub use bootstrap::bootstrap_admin;
pub use define::{NewRole, RoleChange, create, delete, update};
pub use find::{find, list};
pub(crate) use grant::{ensure_may_give, ensure_not_last_admin, grant_in};
pub use grant::{grant, revoke, set};
pub use holders::holders;
pub(crate) use tell::{Holders, tell_departed, tell_holders};
