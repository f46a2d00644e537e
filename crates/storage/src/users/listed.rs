//! Accounts as administrators see them: with the times of their states.

use domain::{Timestamp, User, UserId};

use super::all_with_roles;
use super::row::UserRow;
use crate::error::Result;
use crate::store::Read;

/// So many accounts are asked for at once.
const TOGETHER: usize = 10;

macro_rules! listed {
    () => {
        concat!(
            columns!(),
            ", blocked_at, deleted_at, \
             (SELECT reason FROM blocks WHERE blocks.user_id = users.id) AS blocked_for FROM users"
        )
    };
}

statements! {
    FIND = sql!(concat!("SELECT ", listed!(), " WHERE id = $1"));
    /// Fewer are asked for by naming one again.
    THESE = sql!(concat!(
        "SELECT ", listed!(), " WHERE number IN \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    ));
}

/// An account, and since when it is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub user: User,
    /// Also of a deleted one that will be blocked again when it is restored.
    pub blocked_at: Option<Timestamp>,
    pub blocked_for: Option<String>,
    pub deleted_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    user: UserRow,
    blocked_at: Option<i64>,
    blocked_for: Option<String>,
    deleted_at: Option<i64>,
}

pub async fn find_listed(read: &mut Read, id: UserId) -> Result<Option<Listed>> {
    let row = fetch_optional!(read, FIND, Row, id.0)?;
    Ok(listed(read, row.into_iter().collect()).await?.pop())
}

/// The accounts with these numbers, in this order; those that are gone are left out.
pub async fn list_these(read: &mut Read, numbers: &[i64]) -> Result<Vec<Listed>> {
    let mut rows: Vec<Row> = Vec::with_capacity(numbers.len());
    for some in numbers.chunks(TOGETHER) {
        let number = |place: usize| some.get(place).copied().unwrap_or(some[0]);
        rows.extend(fetch_all!(
            read,
            THESE,
            Row,
            number(0),
            number(1),
            number(2),
            number(3),
            number(4),
            number(5),
            number(6),
            number(7),
            number(8),
            number(9),
        )?);
    }
    let mut found = listed(read, rows).await?;
    found.sort_by_key(|one| numbers.iter().position(|number| *number == one.user.number));
    Ok(found)
}

async fn listed(read: &mut Read, rows: Vec<Row>) -> Result<Vec<Listed>> {
    let time = |micros: Option<i64>| micros.map(Timestamp::from_micros);
    let (rows, rest): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .map(|row| (row.user, (time(row.blocked_at), row.blocked_for, time(row.deleted_at))))
        .unzip();
    let users = all_with_roles(read, rows).await?;
    let listed = users.into_iter().zip(rest).map(|(user, rest)| {
        let (blocked_at, blocked_for, deleted_at) = rest;
        Listed { user, blocked_at, blocked_for, deleted_at }
    });
    Ok(listed.collect())
}
