//! What would be done, to how many: nothing is done.

use storage::users::{self, Listed};

use super::Bulk;
use super::chosen::chosen;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// So many accounts are shown.
const SHOWN: usize = 20;

#[derive(Clone, Debug)]
pub struct BulkPlan {
    /// What [`run_bulk`](super::run_bulk) is to be told.
    pub count: usize,
    /// Those of them that come first and exist.
    pub first: Vec<Listed>,
}

pub async fn plan_bulk(services: &Services, ctx: &Context, bulk: &Bulk) -> Result<BulkPlan> {
    let ids = chosen(services, ctx, bulk).await?;
    let mut read = services.store.read().await?;
    let mut first = Vec::new();
    for id in ids.iter().take(SHOWN) {
        first.extend(users::find_listed(&mut read, *id).await?);
    }
    Ok(BulkPlan { count: ids.len(), first })
}
