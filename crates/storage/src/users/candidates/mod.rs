//! What is looked at of accounts while some of them are looked for: pieces of an order ([`walk`]),
//! or all that one index names ([`narrow`]).
//!
//! Which of them fit is decided in Rust, alike on every backend; so each statement reads a bounded
//! number of rows, however many accounts there are and however few of them fit.

/// `$1` is the role that is asked for.
macro_rules! candidates {
    ($keys:literal) => {
        concat!(
            "SELECT id, number, status, username, email, phone, email_verified_at, \
             phone_verified_at, first_name, last_name, created_at, last_login_at, ",
            $keys,
            ", (SELECT COUNT(*) FROM user_roles held WHERE held.user_id = users.id \
             AND held.role = $1) AS holds FROM users WHERE "
        )
    };
}

/// The columns of keys hold bytes on MySQL, which are no text to its driver.
macro_rules! of_candidates {
    ($rest:expr) => {
        of_candidates!($rest, mysql: $rest)
    };
    ($rest:expr, mysql: $mysql:expr) => {
        sql!(
            concat!(candidates!("username_key, email_key"), $rest),
            mysql: concat!(
                candidates!(
                    "CONVERT(username_key USING utf8mb4) AS username_key, \
                     CONVERT(email_key USING utf8mb4) AS email_key"
                ),
                $mysql
            )
        )
    };
}

pub(crate) mod narrow;
pub(crate) mod walk;

use domain::{StatusKind, Timestamp, UserId};

use crate::error::Error;
pub use narrow::{Narrow, count_narrow, narrow};
pub use walk::{Position, Sort, walk, walk_status};

/// Enough of an account to say whether it is looked for, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub id: UserId,
    pub number: i64,
    pub status: StatusKind,
    pub username: Option<String>,
    pub username_key: Option<String>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub email_verified: bool,
    pub phone: Option<String>,
    pub phone_verified: bool,
    pub first_name: String,
    pub last_name: String,
    pub created_at: Timestamp,
    pub last_login_at: Option<Timestamp>,
    /// Whether it has the role that was asked for.
    pub holds_role: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: uuid::Uuid,
    number: i64,
    status: String,
    username: Option<String>,
    username_key: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    email_verified_at: Option<i64>,
    phone: Option<String>,
    phone_verified_at: Option<i64>,
    first_name: String,
    last_name: String,
    created_at: i64,
    last_login_at: Option<i64>,
    holds: i64,
}

impl TryFrom<Row> for Candidate {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let corrupt = || Error::Corrupt { table: "users", column: "status" };
        Ok(Self {
            id: UserId(row.id),
            number: row.number,
            status: StatusKind::parse(&row.status).ok_or_else(corrupt)?,
            username: row.username,
            username_key: row.username_key,
            email: row.email,
            email_key: row.email_key,
            email_verified: row.email_verified_at.is_some(),
            phone: row.phone,
            phone_verified: row.phone_verified_at.is_some(),
            first_name: row.first_name,
            last_name: row.last_name,
            created_at: Timestamp::from_micros(row.created_at),
            last_login_at: row.last_login_at.map(Timestamp::from_micros),
            holds_role: row.holds > 0,
        })
    }
}
