//! `/api/v1/admin`: the accounts of others, roles, services and webhooks, each by permission.

mod audit;
mod events;
mod explain;
mod flag;
mod jobs;
mod managed;
mod permitted;
mod policy;
mod roles;
mod rotation;
mod services;
mod sessions;
mod users;
mod webhooks;

pub(super) use audit::EntryView;

use super::problem::Native;
use crate::kit::Routes;

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    [
        users::add,
        sessions::add,
        roles::add,
        explain::add,
        audit::add,
        events::add,
        jobs::add,
        policy::add,
        services::add,
        webhooks::add,
    ]
    .into_iter()
    .fold(routes, |routes, add| add(routes))
}
