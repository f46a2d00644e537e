//! Which accounts are there for whoever asks, where a surface shows more than one's own.

use domain::{Permission, Refusal, User};
use storage::users::{self, SortKey, SortOrder};

use super::count::count_present;
use crate::authority::ensure_may;
use crate::error::Result;
use crate::limits::admit_admin;
use crate::services::Services;

/// One page of accounts, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Page {
    pub users: Vec<User>,
    pub total: i64,
}

#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The first is 1.
    pub page: i64,
    /// At least 1.
    pub size: i64,
    pub sort: SortKey,
    pub order: SortOrder,
}

/// Active and blocked accounts, for administrators.
pub async fn page(services: &Services, reader: &User, request: &PageRequest) -> Result<Page> {
    ensure_may_list(reader)?;
    admit_admin(services, reader).await?;
    let PageRequest { page, size, sort, order } = *request;
    let offset = page.saturating_sub(1).saturating_mul(size);
    let mut read = services.store.read().await?;
    let users = users::page(&mut read, sort, order, size, offset).await?;
    drop(read);
    let total = count_present(services).await?;
    Ok(Page { users, total })
}

/// What [`page`] asks first, for surfaces that say so before they read the question.
pub fn ensure_may_list(reader: &User) -> Result<(), Refusal> {
    // Not by permission: the one contract that has pages names the role.
    if reader.is_admin() { Ok(()) } else { Err(Refusal::PermissionMissing(Permission::UsersRead)) }
}

/// The account with this number, if it is there for `reader`: one's own, or any for whoever may
/// read any. To everybody else the others do not exist (AUZ-02).
pub async fn find_visible(services: &Services, reader: &User, number: i64) -> Result<User> {
    if reader.number == number {
        return Ok(reader.clone());
    }
    ensure_may(reader, Permission::UsersRead).map_err(|_| Refusal::UserNotFound)?;
    admit_admin(services, reader).await?;
    let found = users::find_by_number(&mut services.store.read().await?, number).await?;
    Ok(found.filter(User::is_present).ok_or(Refusal::UserNotFound)?)
}

/// A piece of a list.
#[derive(Clone, Debug)]
pub struct VisibleUsers {
    pub users: Vec<User>,
    /// The number after which the list goes on; `None` at its end.
    pub next: Option<i64>,
}

/// The accounts that are there for `reader`, in the order of their numbers and piece by piece:
/// everybody for whoever may read any, else oneself. The first piece is `after` 0.
pub async fn list_visible(services: &Services, reader: &User, after: i64) -> Result<VisibleUsers> {
    /// So many accounts are held in memory at a time.
    const PIECE: i64 = 100;
    if ensure_may(reader, Permission::UsersRead).is_err() {
        let users = if after < reader.number { vec![reader.clone()] } else { Vec::new() };
        return Ok(VisibleUsers { users, next: None });
    }
    if after == 0 {
        admit_admin(services, reader).await?;
    }
    // One more than is shown tells whether there is more.
    let mut users =
        users::list_present(&mut services.store.read().await?, after, PIECE + 1).await?;
    let has_more = users.len() > usize::try_from(PIECE).unwrap_or(usize::MAX);
    if has_more {
        users.pop();
    }
    let next = users.last().map(|last| last.number).filter(|_| has_more);
    Ok(VisibleUsers { users, next })
}
