//! All accounts in an order, piece by piece, purged ones included.

use domain::{RoleName, StatusKind};

use super::{Candidate, Row};
use crate::error::Result;
use crate::store::Read;
use crate::users::SortOrder;

/// What accounts are in the order of. Ties are in the order of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Number,
    CreatedAt,
    LastLoginAt,
    Username,
    Email,
}

/// A place between two accounts. Those without a value come last in both orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    Number(i64),
    /// In microseconds; then the number.
    Time(i64, i64),
    Key(String),
    /// Among those without a value, after this number.
    Without(i64),
}

/// Sorts after every key: no name holds a character that is none.
pub(super) const BEYOND_KEYS: &str = "\u{10ffff}";

macro_rules! by_number {
    ($condition:literal, $up:literal, $order:literal) => {
        of_candidates!(concat!(
            $condition,
            "number ",
            $up,
            " $2 ORDER BY number",
            $order,
            " LIMIT $3"
        ))
    };
}

/// MySQL finds the range of an index in two comparisons, the others in one of rows.
macro_rules! by_time {
    ($column:literal, $up:literal, $order:literal) => {
        of_candidates!(
            concat!(
                $column, " ", $up, "= $2 AND (", $column, ", number) ", $up, " ($3, $4) ORDER BY ",
                $column, $order, ", number", $order, " LIMIT $5"
            ),
            mysql: concat!(
                "(", $column, " ", $up, " $2 OR (", $column, " = $3 AND number ", $up,
                " $4)) ORDER BY ", $column, $order, ", number", $order, " LIMIT $5"
            )
        )
    };
}

/// In the order of the column: by its bare name MySQL would sort what is read of it.
macro_rules! by_key {
    ($column:literal, $up:literal, $order:literal) => {
        of_candidates!(concat!(
            $column,
            " ",
            $up,
            " $2 ORDER BY users.",
            $column,
            $order,
            " LIMIT $3"
        ))
    };
}

statements! {
    NUMBER = by_number!("", ">", "");
    NUMBER_DOWN = by_number!("", "<", " DESC");
    STATUS = of_candidates!("status = $2 AND number > $3 ORDER BY number LIMIT $4");
    STATUS_DOWN = of_candidates!("status = $2 AND number < $3 ORDER BY number DESC LIMIT $4");
    CREATED = by_time!("created_at", ">", "");
    CREATED_DOWN = by_time!("created_at", "<", " DESC");
    LOGIN = by_time!("last_login_at", ">", "");
    LOGIN_DOWN = by_time!("last_login_at", "<", " DESC");
    NO_LOGIN = by_number!("last_login_at IS NULL AND ", ">", "");
    NO_LOGIN_DOWN = by_number!("last_login_at IS NULL AND ", "<", " DESC");
    USERNAME = by_key!("username_key", ">", "");
    USERNAME_DOWN = by_key!("username_key", "<", " DESC");
    NO_USERNAME = by_number!("username_key IS NULL AND ", ">", "");
    NO_USERNAME_DOWN = by_number!("username_key IS NULL AND ", "<", " DESC");
    EMAIL = by_key!("email_key", ">", "");
    EMAIL_DOWN = by_key!("email_key", "<", " DESC");
    NO_EMAIL = by_number!("email_key IS NULL AND ", ">", "");
    NO_EMAIL_DOWN = by_number!("email_key IS NULL AND ", "<", " DESC");
}

impl Position {
    /// The number of the account, where accounts are in the order of numbers.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Time(..) | Self::Key(_) | Self::Without(_) => None,
        }
    }
}

impl Sort {
    /// Before the first account.
    pub fn start(self, order: SortOrder) -> Position {
        let outside = outside(order);
        match self {
            Self::Number => Position::Number(outside),
            Self::CreatedAt | Self::LastLoginAt => Position::Time(outside, outside),
            Self::Username | Self::Email => Position::Key(match order {
                SortOrder::Ascending => String::new(),
                SortOrder::Descending => BEYOND_KEYS.to_owned(),
            }),
        }
    }

    /// Where an account stands.
    pub fn position(self, of: &Candidate) -> Position {
        let key = match self {
            Self::Number => return Position::Number(of.number),
            Self::CreatedAt => return Position::Time(of.created_at.as_micros(), of.number),
            Self::LastLoginAt => {
                return match of.last_login_at {
                    Some(at) => Position::Time(at.as_micros(), of.number),
                    None => Position::Without(of.number),
                };
            }
            Self::Username => &of.username_key,
            Self::Email => &of.email_key,
        };
        key.clone().map_or(Position::Without(of.number), Position::Key)
    }

    /// What follows when nothing comes after `position` any more.
    pub fn second_half(self, order: SortOrder, position: &Position) -> Option<Position> {
        let has_two = matches!(self, Self::LastLoginAt | Self::Username | Self::Email);
        let is_first = !matches!(position, Position::Without(_));
        (has_two && is_first).then(|| Position::Without(outside(order)))
    }
}

/// Before the first number.
const fn outside(order: SortOrder) -> i64 {
    match order {
        SortOrder::Ascending => i64::MIN,
        SortOrder::Descending => i64::MAX,
    }
}

/// Up to `limit` accounts after `position`; `position` is one of this sort.
pub async fn walk(
    read: &mut Read,
    sort: Sort,
    order: SortOrder,
    role: &RoleName,
    position: &Position,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let is_up = order == SortOrder::Ascending;
    let role = role.as_str();
    let rows: Vec<Row> = match position {
        Position::Number(number) | Position::Without(number) => {
            let (up, down) = match (sort, position) {
                (Sort::LastLoginAt, Position::Without(_)) => (NO_LOGIN, NO_LOGIN_DOWN),
                (Sort::Username, Position::Without(_)) => (NO_USERNAME, NO_USERNAME_DOWN),
                (Sort::Email, Position::Without(_)) => (NO_EMAIL, NO_EMAIL_DOWN),
                _ => (NUMBER, NUMBER_DOWN),
            };
            let statement = if is_up { up } else { down };
            fetch_all!(read, statement, Row, role, *number, limit)?
        }
        Position::Time(at, number) => {
            let (up, down) = match sort {
                Sort::LastLoginAt => (LOGIN, LOGIN_DOWN),
                Sort::Number | Sort::CreatedAt | Sort::Username | Sort::Email => {
                    (CREATED, CREATED_DOWN)
                }
            };
            let statement = if is_up { up } else { down };
            fetch_all!(read, statement, Row, role, *at, *at, *number, limit)?
        }
        Position::Key(key) => {
            let (up, down) = match sort {
                Sort::Email => (EMAIL, EMAIL_DOWN),
                Sort::Number | Sort::CreatedAt | Sort::LastLoginAt | Sort::Username => {
                    (USERNAME, USERNAME_DOWN)
                }
            };
            let statement = if is_up { up } else { down };
            fetch_all!(read, statement, Row, role, key.as_str(), limit)?
        }
    };
    rows.into_iter().map(Candidate::try_from).collect()
}

/// Up to `limit` accounts in this state after the one with this number, in the order of numbers.
pub async fn walk_status(
    read: &mut Read,
    status: StatusKind,
    order: SortOrder,
    role: &RoleName,
    after: i64,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let statement = match order {
        SortOrder::Ascending => STATUS,
        SortOrder::Descending => STATUS_DOWN,
    };
    let (role, status) = (role.as_str(), status.as_str());
    let rows: Vec<Row> = fetch_all!(read, statement, Row, role, status, after, limit)?;
    rows.into_iter().map(Candidate::try_from).collect()
}
