//! `/api/v1/admin`: the accounts of others, roles and services, each by permission.

mod flag;
mod permitted;
mod roles;
mod services;
mod sessions;
mod users;

use super::problem::Native;
use crate::kit::Routes;

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    [users::add, sessions::add, roles::add, services::add]
        .into_iter()
        .fold(routes, |routes, add| add(routes))
}
