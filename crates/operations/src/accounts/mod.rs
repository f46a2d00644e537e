//! The life of an account: registered, read, changed, blocked, deleted, restored, purged.

mod block;
mod delete;
mod find;
mod idempotency;
mod identifiers;
mod metadata;
mod purge;
mod register;
mod restore;
mod update;

pub use block::{block, unblock};
pub use delete::{DeleteOwn, delete, delete_for_good, delete_own};
pub use find::{find, find_by_id, list};
pub use identifiers::NewIdentifiers;
pub(crate) use purge::purge;
pub use register::{Register, register};
pub(crate) use register::{admit, enter};
pub use restore::{Restore, restore, restore_by_operator};
pub use update::{Change, UpdateOwn, update_own};
