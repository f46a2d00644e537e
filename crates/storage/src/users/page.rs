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

macro_rules! page {
    ($order:literal) => {
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM users WHERE status IN ('active', 'blocked') ORDER BY ",
            $order,
            " LIMIT $1 OFFSET $2"
        ))
    };
}

statements! {
    COUNT = sql!("SELECT COUNT(*) FROM users WHERE status IN ('active', 'blocked')");
    AFTER = sql!(concat!(
        "SELECT ", columns!(), " FROM users WHERE number > $1 ",
        "AND status IN ('active', 'blocked') ORDER BY number LIMIT $2"
    ));
    BY_NUMBER = page!("number");
    BY_NUMBER_DOWN = page!("number DESC");
    BY_USERNAME =
        page!("CASE WHEN username_key IS NULL THEN 1 ELSE 0 END, username_key, number");
    BY_USERNAME_DOWN =
        page!("CASE WHEN username_key IS NULL THEN 1 ELSE 0 END, username_key DESC, number DESC");
    BY_CREATION = page!("created_at, number");
    BY_CREATION_DOWN = page!("created_at DESC, number DESC");
    BY_UPDATE = page!("updated_at, number");
    BY_UPDATE_DOWN = page!("updated_at DESC, number DESC");
}

/// How many accounts are active or blocked.
pub async fn count_present(read: &mut Read) -> Result<i64> {
    fetch_one!(read, COUNT, (i64,)).map(|(count,)| count)
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
    let rows = fetch_all!(read, statement, UserRow, limit, offset)?;
    all_with_roles(read, rows).await
}
