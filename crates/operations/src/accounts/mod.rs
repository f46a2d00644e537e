//! The life of an account: registered, read, changed, blocked, deleted, restored, purged.

mod addresses;
mod administer;
mod block;
mod bulk;
mod count;
mod create;
mod delete;
mod export;
mod find;
mod idempotency;
mod identifiers;
mod list;
mod metadata;
mod newcomer;
mod pending;
mod purge;
mod quiet;
mod register;
mod replaced;
mod restore;
mod review;
mod search;
mod take_back;
mod traces;
mod unblock;
mod update;
mod username_link;
mod visible;
mod welcome;

pub(crate) use addresses::{Claim, release_from_others};
pub use administer::{UpdateVisible, delete_visible, update_visible};
pub(crate) use block::block_in;
pub use block::{BlockTerms, block, block_on, find_block};
pub use bulk::{
    Bulk, BulkAction, BulkCursor, BulkFailure, BulkPlan, BulkRun, MOST as MOST_IN_BULK, Whom,
    open_bulk_cursor, plan_bulk, run_bulk, seal_bulk_cursor,
};
pub(crate) use count::RememberedCount;
pub use create::{Create, create};
pub(crate) use delete::delete_in;
pub use delete::{DeleteOwn, delete, delete_for_good, delete_own};
pub use export::{Export, ExportedEvents, export, export_events, export_own};
pub use find::{find, find_by_id, purge_receipt};
pub use identifiers::NewIdentifiers;
pub(crate) use identifiers::taken;
pub use list::{ListUsers, ListedUsers, Start, list, listed, read};
pub(crate) use newcomer::KeptNewcomer;
pub(crate) use pending::withdraw_pending_email;
pub(crate) use purge::purge;
pub(crate) use quiet::{hides_contacts, notice_of_attempt, register_quietly};
pub use register::{Register, Registered, register, register_or_accept};
pub(crate) use register::{admit, insert, say_which_taken};
pub(crate) use replaced::{end_returns_after, tell_of_replaced_email};
pub use restore::{Restore, restore, restore_by_operator};
pub use review::{review_registration, review_update};
pub use search::{Cursor, NotACursor, Span, UserFilter, open_cursor};
pub use storage::blocks::Block;
pub use storage::purge_receipts::PurgeReceipt;
pub use storage::users::{Listed, Sort, SortKey, SortOrder};
pub use take_back::take_back;
pub(crate) use traces::{Traces, erase_traces};
pub use unblock::unblock;
pub(crate) use unblock::{lift_at_its_end, lift_when_over, unblock_in};
pub(crate) use update::update_other_in;
pub use update::{
    AccountChange, Change, NewCredential, UpdateOther, UpdateOwn, reset_username, set_credential,
    update_other, update_own,
};
pub use username_link::request_username_reset;
pub use visible::{
    Page, PageRequest, VisibleUsers, ensure_may_list, find_visible, list_visible, page,
};
pub(crate) use welcome::welcome;
