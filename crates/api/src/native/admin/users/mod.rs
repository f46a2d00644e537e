//! `/api/v1/admin/users`: the accounts of others.

mod block;
mod create;
mod delete;
mod restore;
mod roles;
mod update;

use utoipa_axum::routes;

use crate::kit::Routes;
use crate::native::problem::Native;

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes
        .add(routes!(create::create_user))
        .add(routes!(update::update_user))
        .add(routes!(delete::delete_user))
        .add(routes!(block::block_user))
        .add(routes!(block::unblock_user))
        .add(routes!(restore::restore_user))
        .add(routes!(roles::set_roles))
}
