//! The accounts that one index names: few, where the walk through all would find them late.

use domain::{RoleName, StatusKind, Timestamp};

use super::walk::BEYOND_KEYS;
use super::{Candidate, Row};
use crate::error::Result;
use crate::store::Read;

/// What an index can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrow<'a> {
    /// Beginnings of keys, none of them empty.
    Username(&'a str),
    Email(&'a str),
    /// With its `+`.
    Phone(&'a str),
    Role(&'a RoleName),
    Status(StatusKind),
    /// From the first to before the second.
    CreatedAt(Timestamp, Timestamp),
    LastLoginAt(Timestamp, Timestamp),
}

/// Sorts after every digit.
const BEYOND_DIGITS: &str = ":";

/// A range is half open: `LIKE` finds no index on half of the backends.
macro_rules! of_range {
    ($column:literal) => {
        of_candidates!(concat!($column, " >= $2 AND ", $column, " < $3 LIMIT $4"))
    };
}

macro_rules! count_range {
    ($column:literal) => {
        sql!(concat!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM users WHERE ",
            $column,
            " >= $1 AND ",
            $column,
            " < $2 LIMIT $3) some_of_them"
        ))
    };
}

statements! {
    BY_USERNAME = of_range!("username_key");
    BY_EMAIL = of_range!("email_key");
    BY_PHONE = of_range!("phone");
    BY_CREATION = of_range!("created_at");
    BY_LOGIN = of_range!("last_login_at");
    BY_ROLE = of_candidates!("id IN (SELECT user_id FROM user_roles WHERE role = $2) LIMIT $3");
    BY_STATUS = of_candidates!("status = $2 LIMIT $3");
    COUNT_BY_USERNAME = count_range!("username_key");
    COUNT_BY_EMAIL = count_range!("email_key");
    COUNT_BY_PHONE = count_range!("phone");
    COUNT_BY_CREATION = count_range!("created_at");
    COUNT_BY_LOGIN = count_range!("last_login_at");
    COUNT_BY_ROLE = sql!(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM user_roles WHERE role = $1 LIMIT $2) \
         some_of_them"
    );
    COUNT_BY_STATUS = sql!(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM users WHERE status = $1 LIMIT $2) some_of_them"
    );
}

/// Up to `limit` accounts in no order.
pub async fn narrow(
    read: &mut Read,
    by: Narrow<'_>,
    role: &RoleName,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let held = role.as_str();
    let rows: Vec<Row> = match by {
        Narrow::Username(from) => {
            let to = format!("{from}{BEYOND_KEYS}");
            fetch_all!(read, BY_USERNAME, Row, held, from, to.as_str(), limit)?
        }
        Narrow::Email(from) => {
            let to = format!("{from}{BEYOND_KEYS}");
            fetch_all!(read, BY_EMAIL, Row, held, from, to.as_str(), limit)?
        }
        Narrow::Phone(from) => {
            let to = format!("{from}{BEYOND_DIGITS}");
            fetch_all!(read, BY_PHONE, Row, held, from, to.as_str(), limit)?
        }
        Narrow::Role(of) => fetch_all!(read, BY_ROLE, Row, held, of.as_str(), limit)?,
        Narrow::Status(status) => fetch_all!(read, BY_STATUS, Row, held, status.as_str(), limit)?,
        Narrow::CreatedAt(from, to) => {
            let (from, to) = (from.as_micros(), to.as_micros());
            fetch_all!(read, BY_CREATION, Row, held, from, to, limit)?
        }
        Narrow::LastLoginAt(from, to) => {
            let (from, to) = (from.as_micros(), to.as_micros());
            fetch_all!(read, BY_LOGIN, Row, held, from, to, limit)?
        }
    };
    rows.into_iter().map(Candidate::try_from).collect()
}

/// How many there are, counted no further than `limit`.
pub async fn count_narrow(read: &mut Read, by: Narrow<'_>, limit: i64) -> Result<i64> {
    type Count = (i64,);
    let (count,) = match by {
        Narrow::Username(from) => {
            let to = format!("{from}{BEYOND_KEYS}");
            fetch_one!(read, COUNT_BY_USERNAME, Count, from, to.as_str(), limit)?
        }
        Narrow::Email(from) => {
            let to = format!("{from}{BEYOND_KEYS}");
            fetch_one!(read, COUNT_BY_EMAIL, Count, from, to.as_str(), limit)?
        }
        Narrow::Phone(from) => {
            let to = format!("{from}{BEYOND_DIGITS}");
            fetch_one!(read, COUNT_BY_PHONE, Count, from, to.as_str(), limit)?
        }
        Narrow::Role(of) => fetch_one!(read, COUNT_BY_ROLE, Count, of.as_str(), limit)?,
        Narrow::Status(status) => fetch_one!(read, COUNT_BY_STATUS, Count, status.as_str(), limit)?,
        Narrow::CreatedAt(from, to) => {
            let (from, to) = (from.as_micros(), to.as_micros());
            fetch_one!(read, COUNT_BY_CREATION, Count, from, to, limit)?
        }
        Narrow::LastLoginAt(from, to) => {
            let (from, to) = (from.as_micros(), to.as_micros());
            fetch_one!(read, COUNT_BY_LOGIN, Count, from, to, limit)?
        }
    };
    Ok(count)
}
