//! From a row to an account.

use domain::{Profile, Status, Timestamp, User, UserId};

use crate::error::Error;

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    id: uuid::Uuid,
    number: i64,
    username: Option<String>,
    email: Option<String>,
    email_verified_at: Option<i64>,
    pending_email: Option<String>,
    phone: Option<String>,
    phone_verified_at: Option<i64>,
    first_name: String,
    last_name: String,
    locale: Option<String>,
    metadata: String,
    status: String,
    version: i64,
    security_version: i64,
    roles_version: i64,
    created_at: i64,
    updated_at: i64,
    last_login_at: Option<i64>,
    purge_at: Option<i64>,
    blocked_until: Option<i64>,
}

impl UserRow {
    pub(super) const fn id(&self) -> UserId {
        UserId(self.id)
    }
}

impl TryFrom<UserRow> for User {
    type Error = Error;

    fn try_from(row: UserRow) -> Result<Self, Error> {
        Ok(Self {
            id: UserId(row.id),
            number: row.number,
            username: row.username,
            email: row.email,
            email_verified: row.email_verified_at.is_some(),
            pending_email: row.pending_email,
            phone: row.phone,
            phone_verified: row.phone_verified_at.is_some(),
            profile: Profile {
                first_name: row.first_name,
                last_name: row.last_name,
                locale: row.locale,
                metadata: row.metadata,
            },
            status: status(&row.status, row.purge_at, row.blocked_until)?,
            roles: Vec::new(),
            permissions: Vec::new(),
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
            last_login_at: row.last_login_at.map(Timestamp::from_micros),
            version: row.version,
            security_version: row.security_version,
            roles_version: row.roles_version,
        })
    }
}

fn status(text: &str, purge_at: Option<i64>, until: Option<i64>) -> Result<Status, Error> {
    let corrupt = |column| Error::Corrupt { table: "users", column };
    match text {
        "active" => Ok(Status::Active),
        "blocked" => Ok(Status::Blocked { until: until.map(Timestamp::from_micros) }),
        "deleted" => {
            let purge_at = purge_at.ok_or_else(|| corrupt("purge_at"))?;
            Ok(Status::Deleted { purge_at: Timestamp::from_micros(purge_at) })
        }
        "purged" => Ok(Status::Purged),
        _ => Err(corrupt("status")),
    }
}
