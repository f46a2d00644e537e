//! The `passwords` table: one hash an account, or none.

use domain::user::has_shown_address;
use domain::{Identifier, IdentifierKind, Status, Timestamp, UserId};
use uuid::Uuid;

use crate::error::Result;
use crate::store::{Read, Tx};

macro_rules! of_name {
    () => {
        "users.id, users.status, users.email, users.email_verified_at, users.phone, \
         users.phone_verified_at, passwords.hash, passwords.changed_at FROM users \
         JOIN passwords ON passwords.user_id = users.id"
    };
}

statements! {
    FIND = sql!("SELECT hash FROM passwords WHERE user_id = $1");
    CHANGED_AT = sql!("SELECT changed_at FROM passwords WHERE user_id = $1");
    /// One statement whether or not anybody is found, so that time tells nothing (PWD-12).
    OF_USERNAME = sql!(
        concat!("SELECT ", of_name!(), " WHERE users.username_key = $1")
    );
    OF_EMAIL = sql!(
        concat!("SELECT ", of_name!(), " WHERE users.email_key = $1")
    );
    OF_PHONE = sql!(
        concat!("SELECT ", of_name!(), " WHERE users.phone = $1")
    );
    SET = sql!(
        "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
        mysql: "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3) \
         ON DUPLICATE KEY UPDATE hash = VALUES(hash), changed_at = VALUES(changed_at)"
    );
    UPGRADE = sql!("UPDATE passwords SET hash = $1 WHERE user_id = $2 AND hash = $3");
    DELETE = sql!("DELETE FROM passwords WHERE user_id = $1");
}

/// The password of an account, and whether the account exists for anyone but administrators.
pub struct Password {
    pub user_id: UserId,
    pub is_present: bool,
    /// Whether an address of the account was shown to be its own, or there is none to show.
    pub is_verified: bool,
    pub hash: String,
    pub changed_at: Timestamp,
}

pub async fn find(read: &mut Read, user_id: UserId) -> Result<Option<String>> {
    let row = fetch_optional!(read, FIND, (String,), user_id.0)?;
    Ok(row.map(|(hash,)| hash))
}

/// When the password was last set; an upgrade of its hash is no change.
pub async fn changed_at(read: &mut Read, user_id: UserId) -> Result<Option<Timestamp>> {
    let row = fetch_optional!(read, CHANGED_AT, (i64,), user_id.0)?;
    Ok(row.map(|(micros,)| Timestamp::from_micros(micros)))
}

/// The account that the identifier names, with its password; none when either is missing.
pub async fn find_by_identifier(
    read: &mut Read,
    identifier: &Identifier,
) -> Result<Option<Password>> {
    let statement = match identifier.kind() {
        IdentifierKind::Username => OF_USERNAME,
        IdentifierKind::Email => OF_EMAIL,
        IdentifierKind::Phone => OF_PHONE,
    };
    let row = fetch_optional!(read, statement, CandidateRow, identifier.key())?;
    Ok(row.map(Password::from))
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    id: Uuid,
    status: String,
    email: Option<String>,
    email_verified_at: Option<i64>,
    phone: Option<String>,
    phone_verified_at: Option<i64>,
    hash: String,
    changed_at: i64,
}

impl From<CandidateRow> for Password {
    fn from(row: CandidateRow) -> Self {
        let email = (row.email.is_some(), row.email_verified_at.is_some());
        let phone = (row.phone.is_some(), row.phone_verified_at.is_some());
        Self {
            user_id: UserId(row.id),
            is_present: [Status::Active, Status::Blocked { until: None }]
                .iter()
                .any(|it| it.as_str() == row.status),
            is_verified: has_shown_address([email, phone]),
            hash: row.hash,
            changed_at: Timestamp::from_micros(row.changed_at),
        }
    }
}

pub async fn set(tx: &mut Tx, user_id: UserId, hash: &str, now: Timestamp) -> Result<()> {
    execute!(tx, SET, user_id.0, hash, now.as_micros())?;
    Ok(())
}

/// Replaces a hash by a better one of the same password, unless the password changed meanwhile.
pub async fn upgrade(tx: &mut Tx, user_id: UserId, old: &str, new: &str) -> Result<()> {
    execute!(tx, UPGRADE, new, user_id.0, old)?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE, user_id.0)?;
    Ok(())
}
