//! Lists of accounts, and one of them, for whoever may read any.

use std::time::Duration;

use domain::{Permission, Refusal, StatusKind, User, UserId};
use storage::users::{self, Listed, Position, Sort, SortOrder};
use tokio::time::Instant;

use super::search::{Cursor, Few, Selection, UserFilter, few, seal_cursor, select, total};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

#[derive(Clone, Debug)]
pub struct ListUsers {
    pub filter: UserFilter,
    pub sort: Sort,
    pub order: SortOrder,
    pub start: Start,
    /// At least 1.
    pub limit: usize,
    pub with_total: bool,
    /// How long to look; what was found by then is answered.
    pub patience: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    First,
    After(Cursor),
    /// In the order of numbers only.
    AfterNumber(i64),
    /// So many that fit are passed over: a far page costs as much as all pages before it.
    Skipping(usize),
}

#[derive(Clone, Debug)]
pub struct ListedUsers {
    pub users: Vec<Listed>,
    /// Where to go on; none at the end.
    pub next: Option<String>,
    /// Whether the list is as long as was asked for, or whole; else time was over.
    pub is_complete: bool,
    /// None where it was not asked for, and where it could not be counted in time.
    pub total: Option<usize>,
}

/// Deleted accounts where they are asked for, purged ones never.
pub async fn list(services: &Services, ctx: &Context, request: &ListUsers) -> Result<ListedUsers> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    drop(read);
    let ListUsers { filter, sort, order, limit, .. } = request;
    let deadline = Instant::now() + request.patience;
    let (after, skip) = match &request.start {
        Start::First => (None, 0),
        Start::After(Cursor { position, skip }) => (Some(position.clone()), *skip),
        Start::AfterNumber(number) => (Some(Position::Number(*number)), 0),
        Start::Skipping(count) => (None, *count),
    };
    let few = few(services, filter).await?;
    let few_in_all = few.as_ref().map(Few::count);
    let (sort, order) = (*sort, *order);
    let selection = Selection { filter, sort, order, after, skip, limit: *limit, deadline };
    let selected = select(services, &selection, few).await?;
    let numbers: Vec<i64> = selected.found.iter().map(|one| one.number).collect();
    let users = users::list_these(&mut services.store.read().await?, &numbers).await?;
    let seal = |cursor| seal_cursor(services, filter, sort, order, cursor);
    let next = selected.next.map(seal).transpose()?;
    // The accounts first: they are counted with the time that is left.
    let total = match few_in_all {
        _ if !request.with_total => None,
        Some(count) => Some(count),
        None => total(services, filter, deadline).await?,
    };
    Ok(ListedUsers { users, next, is_complete: selected.is_complete, total })
}

/// More about an account than is in `user`, for whoever was given that: an operation that changes
/// accounts has asked before whether he may.
pub async fn listed(services: &Services, user: &User) -> Result<Listed> {
    let found = users::find_listed(&mut services.store.read().await?, user.id).await?;
    Ok(found.ok_or(Refusal::UserNotFound)?)
}

/// One account, deleted ones included.
pub async fn read(services: &Services, ctx: &Context, id: UserId) -> Result<Listed> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    let found = users::find_listed(&mut read, id).await?;
    let found = found.filter(|one| one.user.status.kind() != StatusKind::Purged);
    Ok(found.ok_or(Refusal::UserNotFound)?)
}
