//! Which accounts are there for whoever asks, where a surface shows more than one's own.

use domain::{Permission, Refusal, User};
use storage::users::{self, SortKey, SortOrder};

use crate::error::Result;
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

/// Active and blocked accounts, for whoever may read any.
pub async fn page(services: &Services, reader: &User, request: &PageRequest) -> Result<Page> {
    ensure_may_list(reader)?;
    let PageRequest { page, size, sort, order } = *request;
    let offset = page.saturating_sub(1).saturating_mul(size);
    let mut read = services.store.read().await?;
    let total = users::count_present(&mut read).await?;
    let users = users::page(&mut read, sort, order, size, offset).await?;
    Ok(Page { users, total })
}

/// What [`page`] asks first, for surfaces that say so before they read the question.
pub fn ensure_may_list(reader: &User) -> Result<(), Refusal> {
    ensure_may(reader, Permission::UsersRead)
}

/// The account with this number, if it is there for `reader`: one's own, or any for whoever may
/// read any. To everybody else the others do not exist (AUZ-02).
pub async fn find_visible(services: &Services, reader: &User, number: i64) -> Result<User> {
    if reader.number == number {
        return Ok(reader.clone());
    }
    ensure_may(reader, Permission::UsersRead).map_err(|_| Refusal::UserNotFound)?;
    let found = users::find_by_number(&mut services.store.read().await?, number).await?;
    Ok(found.filter(User::is_present).ok_or(Refusal::UserNotFound)?)
}

/// All accounts that are there for `reader`: everybody for whoever may read any, else oneself.
pub async fn list_visible(services: &Services, reader: &User) -> Result<Vec<User>> {
    /// So many rows are read at a time.
    const CHUNK: i64 = 500;
    if ensure_may(reader, Permission::UsersRead).is_err() {
        return Ok(vec![reader.clone()]);
    }
    let mut read = services.store.read().await?;
    let mut all: Vec<User> = Vec::new();
    loop {
        let after = all.last().map_or(0, |user| user.number);
        let chunk = users::list(&mut read, after, CHUNK).await?;
        if chunk.is_empty() {
            break;
        }
        all.extend(chunk);
    }
    all.retain(User::is_present);
    Ok(all)
}

pub(super) fn ensure_may(user: &User, permission: Permission) -> Result<(), Refusal> {
    if user.may(permission) { Ok(()) } else { Err(Refusal::PermissionMissing(permission)) }
}
