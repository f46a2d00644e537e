//! What would be done, to how many: nothing is done.

use storage::users::{self, Listed};

use super::chosen::chosen;
use super::{Bulk, BulkCursor};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// So many accounts are shown.
const SHOWN: usize = 20;

#[derive(Clone, Debug)]
pub struct BulkPlan {
    /// As far as was looked, from the beginning on: at the end it is what
    /// [`run_bulk`](super::run_bulk) is to be told.
    pub count: usize,
    /// Of those that were found now, the ones that come first and exist.
    pub first: Vec<Listed>,
    /// Where to look on; none when all were found.
    pub next: Option<BulkCursor>,
}

pub async fn plan_bulk(services: &Services, ctx: &Context, bulk: &Bulk) -> Result<BulkPlan> {
    let chosen = chosen(services, ctx, bulk).await?;
    let mut read = services.store.read().await?;
    let mut first = Vec::new();
    for one in chosen.some.iter().take(SHOWN) {
        first.extend(users::find_listed(&mut read, one.id).await?);
    }
    Ok(BulkPlan { count: chosen.count, first, next: chosen.next })
}

impl BulkPlan {
    /// What was found after this.
    pub fn add(&mut self, more: Self) {
        self.first.extend(more.first);
        self.first.truncate(SHOWN);
        (self.count, self.next) = (more.count, more.next);
    }
}
