//! `/api/v1/admin/users`: the accounts of others, one file a verb.

mod list;
mod parameters;
mod query;
mod read;
mod reader;
mod view;

use utoipa_axum::routes;

use crate::kit::Routes;
use crate::native::problem::Native;

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(list::list_users)).add(routes!(read::read_user))
}
