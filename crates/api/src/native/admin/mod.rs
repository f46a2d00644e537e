//! `/api/v1/admin`: the accounts of others, roles and services, each by permission.

mod policy;
mod services;
mod sessions;

use super::problem::Native;
use crate::kit::Routes;

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    [sessions::add, services::add, policy::add].into_iter().fold(routes, |routes, add| add(routes))
}
