//! What administrators do to the accounts of others, where a surface lets them.

use domain::{Permission, Refusal, User, UserId};
use storage::users::{self, SortKey, SortOrder};

use super::delete;
use super::update::{UpdateOwn, update_of};
use crate::context::Context;
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

/// Changes what is said of another's account, and whether it is blocked. Credentials are not
/// among it.
pub async fn update_other(
    services: &Services,
    ctx: &Context,
    admin: &User,
    target: &User,
    request: &UpdateOwn,
) -> Result<User> {
    let only_blocks = UpdateOwn { is_blocked: request.is_blocked, ..UpdateOwn::default() };
    if *request == UpdateOwn::default() {
        return Ok(target.clone());
    }
    if *request != only_blocks {
        ensure_may(admin, Permission::UsersWrite)?;
    }
    if request.is_blocked.is_some() {
        ensure_may(admin, Permission::UsersBlock)?;
    }
    ensure_not_above(admin, target)?;
    update_of(services, ctx, target, request).await
}

/// Deletes another's account; the administrator's own password is proved by `current_password`.
pub async fn delete_other(
    services: &Services,
    ctx: &Context,
    admin: &User,
    target: UserId,
    request: &super::DeleteOwn,
) -> Result<()> {
    ensure_may(admin, Permission::UsersDelete)?;
    let asked = ctx.policy.deletion_reauthentication;
    services.prove_owner(ctx, admin.id, asked, request.current_password.as_ref()).await?;
    let target = users::find(&mut services.store.read().await?, target).await?;
    let target = target.ok_or(Refusal::UserNotFound)?;
    ensure_not_above(admin, &target)?;
    delete(services, ctx, target.id).await?;
    Ok(())
}

fn ensure_may(user: &User, permission: Permission) -> Result<(), Refusal> {
    if user.may(permission) { Ok(()) } else { Err(Refusal::PermissionMissing(permission)) }
}

/// Whoever is no administrator does not touch one (AUZ-05).
fn ensure_not_above(user: &User, target: &User) -> Result<(), Refusal> {
    if target.is_admin() && !user.is_admin() {
        return Err(Refusal::PermissionMissing(Permission::RolesGrant));
    }
    Ok(())
}
