//! Who is meant, without whoever asks.

use std::collections::HashSet;

use domain::{Actor, Permission, Refusal, StatusKind, UserId};
use storage::users::{Sort, SortOrder};
use tokio::time::Instant;

use super::{Bulk, BulkAction, MOST, Whom};
use crate::accounts::search::{Selection, UserFilter, few, select};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Refused when they are too many for one request, or could not all be found in time.
pub(super) async fn chosen(services: &Services, ctx: &Context, bulk: &Bulk) -> Result<Vec<UserId>> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    authority::asking(ctx, &mut read, bulk.action.permission()).await?;
    drop(read);
    let mut ids = match &bulk.whom {
        Whom::These(ids) => {
            let mut seen = HashSet::new();
            ids.iter().copied().filter(|id| seen.insert(*id)).collect()
        }
        Whom::Fitting(filter) => fitting(services, bulk, filter).await?,
    };
    ids.retain(|id| ctx.actor != Actor::User(*id));
    if ids.len() > MOST { Err(Refusal::SelectionTooLarge { most: MOST }.into()) } else { Ok(ids) }
}

async fn fitting(services: &Services, bulk: &Bulk, filter: &UserFilter) -> Result<Vec<UserId>> {
    let mut filter = filter.clone();
    // Whoever is there has nothing to be restored.
    if bulk.action == BulkAction::Restore && filter.statuses.is_empty() {
        filter.statuses = vec![StatusKind::Deleted];
    }
    let few = few(services, &filter).await?;
    let selection = Selection {
        filter: &filter,
        sort: Sort::Number,
        order: SortOrder::Ascending,
        after: None,
        skip: 0,
        // One is whoever asks, another one would be too many.
        limit: MOST + 2,
        deadline: Instant::now() + bulk.patience,
    };
    let selected = select(services, &selection, few).await?;
    if selected.next.is_some() {
        return Err(Refusal::SelectionTooLarge { most: MOST }.into());
    }
    Ok(selected.found.iter().map(|one| one.id).collect())
}
