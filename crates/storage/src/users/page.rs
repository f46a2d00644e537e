//! Accounts page by page, sorted, for surfaces that count pages.
//!
//! A far page costs as much as all pages before it; whoever can, lists by number instead.

use domain::User;

use super::all_with_roles;
use super::row::UserRow;
use crate::error::Result;
use crate::store::Read;

/// What a page is sorted by. Ties are in the order of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    Number,
    /// Accounts without a username come last in both orders.
    Username,
    CreatedAt,
    UpdatedAt,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortOrder {
    Ascending,
    Descending,
}

/// Nearly everybody is in one of these states: by `COALESCE` no planner takes their index for the
/// shortest way, and sorts what it finds there.
macro_rules! page {
    ($order:literal) => {
        page!("", $order)
    };
    ($condition:literal, $order:literal) => {
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM users WHERE ",
            $condition,
            "COALESCE(status, '') IN ('active', 'blocked') ORDER BY ",
            $order,
            " LIMIT $1 OFFSET $2"
        ))
    };
}

statements! {
    COUNT = sql!(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM users \
         WHERE status IN ('active', 'blocked') LIMIT $1) some_of_them"
    );
    COUNT_NAMED = sql!(
        "SELECT COUNT(*) FROM users \
         WHERE username_key IS NOT NULL AND status IN ('active', 'blocked')"
    );
    AFTER = sql!(concat!(
        "SELECT ", columns!(), " FROM users WHERE number > $1 ",
        "AND status IN ('active', 'blocked') ORDER BY number LIMIT $2"
    ));
    BY_NUMBER = page!("number");
    BY_NUMBER_DOWN = page!("number DESC");
    BY_USERNAME = page!("username_key IS NOT NULL AND ", "username_key");
    BY_USERNAME_DOWN = page!("username_key IS NOT NULL AND ", "username_key DESC");
    NAMELESS = page!("username_key IS NULL AND ", "number");
    NAMELESS_DOWN = page!("username_key IS NULL AND ", "number DESC");
    BY_CREATION = page!("created_at, number");
    BY_CREATION_DOWN = page!("created_at DESC, number DESC");
    BY_UPDATE = page!("updated_at, number");
    BY_UPDATE_DOWN = page!("updated_at DESC, number DESC");
}

/// How many accounts are active or blocked, counted no further than `limit`.
pub async fn count_present(read: &mut Read, limit: i64) -> Result<i64> {
    fetch_one!(read, COUNT, (i64,), limit).map(|(count,)| count)
}

/// Up to `limit` active or blocked accounts, in the order of their numbers.
pub async fn list_present(read: &mut Read, after_number: i64, limit: i64) -> Result<Vec<User>> {
    let rows = fetch_all!(read, AFTER, UserRow, after_number, limit)?;
    all_with_roles(read, rows).await
}

/// Up to `limit` active or blocked accounts after the first `offset`.
pub async fn page(
    read: &mut Read,
    key: SortKey,
    order: SortOrder,
    limit: i64,
    offset: i64,
) -> Result<Vec<User>> {
    use SortOrder::{Ascending, Descending};
    let statement = match (key, order) {
        (SortKey::Number, Ascending) => BY_NUMBER,
        (SortKey::Number, Descending) => BY_NUMBER_DOWN,
        (SortKey::Username, Ascending) => BY_USERNAME,
        (SortKey::Username, Descending) => BY_USERNAME_DOWN,
        (SortKey::CreatedAt, Ascending) => BY_CREATION,
        (SortKey::CreatedAt, Descending) => BY_CREATION_DOWN,
        (SortKey::UpdatedAt, Ascending) => BY_UPDATE,
        (SortKey::UpdatedAt, Descending) => BY_UPDATE_DOWN,
    };
    let mut rows = fetch_all!(read, statement, UserRow, limit, offset)?;
    let left = limit - i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if key == SortKey::Username && left > 0 {
        // In the order of an index there is no place for those without a name but behind it.
        let (named,) = fetch_one!(read, COUNT_NAMED, (i64,))?;
        let nameless = match order {
            Ascending => NAMELESS,
            Descending => NAMELESS_DOWN,
        };
        let passed = offset.saturating_sub(named).max(0);
        rows.extend(fetch_all!(read, nameless, UserRow, left, passed)?);
    }
    all_with_roles(read, rows).await
}
