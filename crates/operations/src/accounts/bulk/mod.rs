//! One verb for many accounts: first how many, then all of them.

mod action;
mod chosen;
mod plan;
mod run;

pub use action::BulkAction;
pub use plan::{BulkPlan, plan_bulk};
pub use run::{BulkFailure, BulkRun, run_bulk};

use std::time::Duration;

use domain::UserId;

use super::search::UserFilter;

/// So many accounts at most are changed by one request.
pub const MOST: usize = 10_000;

#[derive(Clone, Debug)]
pub struct Bulk {
    pub action: BulkAction,
    pub whom: Whom,
    /// How long to look, and then how long to work.
    pub patience: Duration,
}

/// Whoever asks is never among them.
#[derive(Clone, Debug)]
pub enum Whom {
    These(Vec<UserId>),
    Fitting(Box<UserFilter>),
}
