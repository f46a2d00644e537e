//! The life of an account: registered, read, changed, blocked, deleted, restored, purged.

mod administer;
mod block;
mod delete;
mod find;
mod idempotency;
mod identifiers;
mod metadata;
mod purge;
mod quiet;
mod register;
mod restore;
mod review;
mod update;
mod visible;

pub use administer::{UpdateVisible, delete_visible, update_visible};
pub use block::{block, unblock};
pub use delete::{DeleteOwn, delete, delete_for_good, delete_own};
pub use find::{find, find_by_id, list};
pub use identifiers::NewIdentifiers;
pub(crate) use purge::purge;
pub(crate) use quiet::{hides_contacts, register_quietly};
pub use register::{Register, Registered, register, register_or_accept};
pub(crate) use register::{admit, insert, say_which_taken};
pub use restore::{Restore, restore, restore_by_operator};
pub use review::{review_registration, review_update};
pub use storage::users::{SortKey, SortOrder};
pub use update::{AccountChange, Change, NewCredential, UpdateOwn, set_credential, update_own};
pub use visible::{
    Page, PageRequest, VisibleUsers, ensure_may_list, find_visible, list_visible, page,
};
