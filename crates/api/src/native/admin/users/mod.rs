//! `/api/v1/admin/users`: the accounts of others, one file a verb.

mod block;
mod bulk;
mod bulk_body;
mod create;
mod delete;
mod list;
mod query;
mod read;
mod recover;
mod restore;
mod roles;
mod update;
mod view;

use utoipa_axum::routes;

use crate::kit::Routes;
use crate::native::problem::Native;

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes
        .add(routes!(list::list_users, create::create_user))
        .add(routes!(read::read_user, update::update_user, delete::delete_user))
        .add(routes!(block::block_user))
        .add(routes!(block::unblock_user))
        .add(routes!(restore::restore_user))
        .add(routes!(recover::recover_user))
        .add(routes!(roles::set_roles))
        .add(routes!(bulk::change_users))
}
