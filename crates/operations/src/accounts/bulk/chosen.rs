//! Who is meant, without whoever asks: from where an earlier request ended, as far as time allows.

use std::collections::HashSet;

use domain::{Actor, Permission, Refusal, StatusKind, UserId};
use storage::users::{Position, Sort, SortOrder};
use tokio::time::Instant;

use super::{Bulk, BulkAction, BulkCursor, MOST, Whom};
use crate::accounts::search::{Selection, UserFilter, few, select};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

pub(super) struct Chosen {
    pub(super) some: Vec<One>,
    /// Where to look on; none when nobody else is meant.
    pub(super) next: Option<BulkCursor>,
    /// All who are meant, those of earlier requests included, as far as was looked.
    pub(super) count: usize,
}

/// Somebody, and the place behind.
pub(super) struct One {
    pub(super) id: UserId,
    pub(super) after: BulkCursor,
}

/// Refused when they are too many for one change.
pub(super) async fn chosen(services: &Services, ctx: &Context, bulk: &Bulk) -> Result<Chosen> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    authority::asking(ctx, &mut read, bulk.action.permission()).await?;
    drop(read);
    let is_meant = |id: UserId| ctx.actor != Actor::User(id);
    let BulkCursor { mut count, .. } = bulk.after;
    let mut place = |number, id| {
        count += 1;
        One { id, after: BulkCursor { number, count } }
    };
    let (some, looked_to) = match &bulk.whom {
        Whom::These(ids) => {
            let mut seen = HashSet::new();
            let ids = ids.iter().copied().filter(|id| seen.insert(*id) && is_meant(*id));
            let ids = ids.skip(bulk.after.count);
            (ids.map(|id| place(bulk.after.number, id)).collect::<Vec<_>>(), None)
        }
        Whom::Fitting(filter) => {
            let (found, looked_to) = fitting(services, bulk, filter).await?;
            let found = found.into_iter().filter(|(_, id)| is_meant(*id));
            (found.map(|(number, id)| place(number, id)).collect(), looked_to)
        }
    };
    let next = looked_to.map(|number| BulkCursor { number, count });
    if count > MOST {
        return Err(Refusal::SelectionTooLarge { most: MOST }.into());
    }
    Ok(Chosen { some, next, count })
}

/// Numbers and ids, and the number up to which was looked where that was not the end.
async fn fitting(
    services: &Services,
    bulk: &Bulk,
    filter: &UserFilter,
) -> Result<(Vec<(i64, UserId)>, Option<i64>)> {
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
        after: Some(Position::Number(bulk.after.number)),
        skip: 0,
        // One is whoever asks, another one would be too many.
        limit: MOST.saturating_sub(bulk.after.count) + 2,
        deadline: Instant::now() + bulk.patience,
    };
    let selected = select(services, &selection, few).await?;
    let found = selected.found.iter().map(|one| (one.number, one.id)).collect();
    let looked_to = selected.next.and_then(|next| next.position.number());
    Ok((found, looked_to))
}
