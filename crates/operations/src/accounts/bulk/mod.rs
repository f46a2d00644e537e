//! One verb for many accounts: first how many, then all of them, in as many requests as it takes.

mod action;
mod chosen;
mod cursor;
mod plan;
mod run;

pub use action::BulkAction;
pub use cursor::{BulkCursor, open_bulk_cursor, seal_bulk_cursor};
pub use plan::{BulkPlan, plan_bulk};
pub use run::{BulkFailure, BulkRun, run_bulk};

use std::time::Duration;

use domain::UserId;

use super::search::UserFilter;

/// So many accounts at most are meant by one change.
pub const MOST: usize = 10_000;

#[derive(Clone, Debug)]
pub struct Bulk {
    pub action: BulkAction,
    pub whom: Whom,
    /// Where an earlier plan or run ended.
    pub after: BulkCursor,
    /// How long to look, and then how long to work. A little is done in any case, so that whoever
    /// goes on gets on.
    pub patience: Duration,
}

/// Whoever asks is never among them.
#[derive(Clone, Debug)]
pub enum Whom {
    These(Vec<UserId>),
    Fitting(Box<UserFilter>),
}
