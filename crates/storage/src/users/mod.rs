//! The `users` table.
//!
//! Whoever changes an account reads it by [`find_locked`] and then calls [`change`] or
//! [`change_security`], which refuse a stale reading.

macro_rules! columns {
    () => {
        "id, number, username, email, email_verified_at, pending_email, phone, phone_verified_at, \
         first_name, last_name, locale, metadata, status, version, security_version, \
         roles_version, created_at, updated_at, last_login_at, purge_at, \
         (SELECT ends_at FROM blocks WHERE blocks.user_id = users.id) AS blocked_until"
    };
}

pub(crate) mod candidates;
pub(crate) mod listed;
pub(crate) mod page;
mod row;
pub(crate) mod write;

use std::collections::HashMap;

use domain::{Identifier, IdentifierKind, RoleName, Timestamp, User, UserId};

use crate::error::Result;
use crate::roles;
use crate::store::{Read, Tx};
pub use candidates::{Candidate, Narrow, Position, Sort, count_narrow, narrow, walk, walk_status};
pub use listed::{Listed, find_listed, list_these};
pub use page::{SortKey, SortOrder, count_present, list_present, page};
use row::UserRow;
pub use write::{
    NewUser, block, change, change_roles, change_security, delete, free_identifiers, insert, purge,
    record_sign_in, restore, set_email, set_pending_email, set_phone, set_profile, set_username,
    take_back, unblock, verify_email, verify_phone,
};

statements! {
    FIND = sql!(concat!("SELECT ", columns!(), " FROM users WHERE id = $1"));
    LOCK = sql!(
        "SELECT id FROM users WHERE id = $1 FOR UPDATE",
        sqlite: "SELECT id FROM users WHERE id = $1"
    );
    FIND_BY_NUMBER = sql!(concat!("SELECT ", columns!(), " FROM users WHERE number = $1"));
    FIND_BY_USERNAME =
        sql!(concat!("SELECT ", columns!(), " FROM users WHERE username_key = $1"));
    FIND_BY_EMAIL = sql!(concat!("SELECT ", columns!(), " FROM users WHERE email_key = $1"));
    FIND_BY_PHONE = sql!(concat!("SELECT ", columns!(), " FROM users WHERE phone = $1"));
    HOLDER_OF_USERNAME = sql!("SELECT id FROM users WHERE username_key = $1");
    HOLDER_OF_EMAIL = sql!("SELECT id FROM users WHERE email_key = $1");
    HOLDER_OF_PHONE = sql!("SELECT id FROM users WHERE phone = $1");
    FIND_BY_RESTORATION =
        sql!(concat!("SELECT ", columns!(), " FROM users WHERE restoration_hash = $1"));
    PHONE_VERIFIED_AT = sql!("SELECT phone_verified_at FROM users WHERE id = $1");
    LIST = sql!(concat!(
        "SELECT ", columns!(), " FROM users WHERE number > $1 AND status <> 'purged' ",
        "ORDER BY number LIMIT $2"
    ));
    EVENT_VERSIONS = sql!(
        "SELECT id, number, event_version FROM users WHERE number > $1 AND number <= $2 \
         AND status <> 'purged' ORDER BY number LIMIT $3"
    );
    LAST_NUMBER = sql!("SELECT MAX(number) FROM users");
    OF_EVENTS = sql!(concat!(
        "SELECT ", columns!(), " FROM users ",
        "WHERE id IN (SELECT user_id FROM events WHERE position > $1 AND position <= $2)"
    ));
    LIST_HOLDERS = sql!(concat!(
        "SELECT ", columns!(), " FROM users WHERE status = 'active' ",
        "AND id IN (SELECT user_id FROM user_roles WHERE role = $1) ORDER BY number LIMIT $2"
    ));
}

pub async fn find(read: &mut Read, id: UserId) -> Result<Option<User>> {
    let row = fetch_optional!(read, FIND, UserRow, id.0)?;
    with_roles(read, row).await
}

/// Like [`find`]; whoever else wants to change the account waits until this transaction ends. By as
/// many statements whether or not there is one.
///
/// All of it is read after the lock. PostgreSQL reads the locked row anew when it had to wait, but
/// not what the same statement reads beside it: the end of a block would be that of an older one
/// (LGN-15).
pub async fn find_locked(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    fetch_optional!(tx, LOCK, (uuid::Uuid,), id.0)?;
    let row = fetch_optional!(tx, FIND, UserRow, id.0)?;
    let held = roles::of_user(tx, id).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(with(row, held)?))
}

/// The account with this number, in whatever state it is.
pub async fn find_by_number(read: &mut Read, number: i64) -> Result<Option<User>> {
    let row = fetch_optional!(read, FIND_BY_NUMBER, UserRow, number)?;
    with_roles(read, row).await
}

/// The account that holds the identifier, in whatever state it is.
pub async fn find_by_identifier(read: &mut Read, identifier: &Identifier) -> Result<Option<User>> {
    let statement = match identifier.kind() {
        IdentifierKind::Username => FIND_BY_USERNAME,
        IdentifierKind::Email => FIND_BY_EMAIL,
        IdentifierKind::Phone => FIND_BY_PHONE,
    };
    let row = fetch_optional!(read, statement, UserRow, identifier.key())?;
    with_roles(read, row).await
}

/// Who holds the identifier, by one statement whether or not anybody does.
pub async fn find_holder(read: &mut Read, identifier: &Identifier) -> Result<Option<UserId>> {
    let statement = match identifier.kind() {
        IdentifierKind::Username => HOLDER_OF_USERNAME,
        IdentifierKind::Email => HOLDER_OF_EMAIL,
        IdentifierKind::Phone => HOLDER_OF_PHONE,
    };
    let row = fetch_optional!(read, statement, (uuid::Uuid,), identifier.key())?;
    Ok(row.map(|(id,)| UserId(id)))
}

/// The account that holds the identifier, like [`find_locked`]; by as many statements whether or not
/// anybody holds it.
pub async fn lock_holder(tx: &mut Tx, identifier: &Identifier) -> Result<Option<User>> {
    let holder = find_holder(tx, identifier).await?;
    find_locked(tx, holder.unwrap_or(UserId(uuid::Uuid::nil()))).await
}

/// The account whose deletion made the restoration token with this digest.
pub async fn find_by_restoration(read: &mut Read, digest: &[u8]) -> Result<Option<User>> {
    let row = fetch_optional!(read, FIND_BY_RESTORATION, UserRow, digest)?;
    with_roles(read, row).await
}

/// Since when the account's number is known to be its owner's.
pub async fn phone_verified_at(read: &mut Read, id: UserId) -> Result<Option<Timestamp>> {
    let row = fetch_optional!(read, PHONE_VERIFIED_AT, (Option<i64>,), id.0)?;
    Ok(row.and_then(|(at,)| at).map(Timestamp::from_micros))
}

/// Up to `limit` accounts that are not purged, in the order of their numbers.
pub async fn list(read: &mut Read, after_number: i64, limit: i64) -> Result<Vec<User>> {
    let rows = fetch_all!(read, LIST, UserRow, after_number, limit)?;
    all_with_roles(read, rows).await
}

/// The numbers of the same accounts, up to `until`, and how many events each of them has had.
pub async fn event_versions(
    read: &mut Read,
    after_number: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<(UserId, i64, i64)>> {
    type Row = (uuid::Uuid, i64, i64);
    let rows = fetch_all!(read, EVENT_VERSIONS, Row, after_number, until, limit)?;
    Ok(rows.into_iter().map(|(id, number, version)| (UserId(id), number, version)).collect())
}

/// The highest number of an account; 0 when there is none.
pub async fn last_number(read: &mut Read) -> Result<i64> {
    let (number,) = fetch_one!(read, LAST_NUMBER, (Option<i64>,))?;
    Ok(number.unwrap_or(0))
}

/// Those that the events after `after` up to `until` are about, in no order. By as many statements
/// however many there are.
pub async fn of_events(read: &mut Read, after: i64, until: i64) -> Result<Vec<User>> {
    let rows = fetch_all!(read, OF_EVENTS, UserRow, after, until)?;
    let mut held = roles::of_events(read, after, until).await?;
    let with_roles = |row: UserRow| {
        let held = held.remove(&row.id()).unwrap_or_default();
        with(row, held)
    };
    rows.into_iter().map(with_roles).collect()
}

/// Up to `limit` active accounts that hold the role, the oldest first.
pub async fn list_holders(read: &mut Read, role: &RoleName, limit: i64) -> Result<Vec<User>> {
    let rows = fetch_all!(read, LIST_HOLDERS, UserRow, role.as_str(), limit)?;
    all_with_roles(read, rows).await
}

/// Roles are asked for once where the numbers lie close together, as those of a list do.
async fn all_with_roles(read: &mut Read, rows: Vec<UserRow>) -> Result<Vec<User>> {
    /// So many accounts between those that are wanted cost less than another question each.
    const CLOSE: i64 = 16;
    let mut users = rows.into_iter().map(User::try_from).collect::<Result<Vec<_>>>()?;
    let numbers = users.iter().map(|user| user.number);
    let (Some(first), Some(last)) = (numbers.clone().min(), numbers.max()) else {
        return Ok(users);
    };
    let count = i64::try_from(users.len()).unwrap_or(i64::MAX);
    let is_close = last - first < count.saturating_mul(CLOSE);
    let mut held =
        if is_close { roles::of_users(read, first, last).await? } else { HashMap::new() };
    for user in &mut users {
        let of_user = if is_close {
            held.remove(&user.id).unwrap_or_default()
        } else {
            roles::of_user(read, user.id).await?
        };
        (user.roles, user.permissions) = (of_user.roles, of_user.permissions);
    }
    Ok(users)
}

async fn with_roles(read: &mut Read, row: Option<UserRow>) -> Result<Option<User>> {
    let Some(row) = row else { return Ok(None) };
    let held = roles::of_user(read, row.id()).await?;
    Ok(Some(with(row, held)?))
}

fn with(row: UserRow, held: roles::Held) -> Result<User> {
    let mut user = User::try_from(row)?;
    (user.roles, user.permissions) = (held.roles, held.permissions);
    Ok(user)
}
