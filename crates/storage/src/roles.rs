//! The `roles`, `role_permissions` and `user_roles` tables.

use std::collections::HashMap;

use domain::{Permission, RoleName, Timestamp, UserId};

use crate::error::{Error, Result};
use crate::revocations::RecordedAt;
use crate::setup;
use crate::store::{Read, Tx};

statements! {
    OF_USER = sql!(
        "SELECT held.role, allowed.permission FROM user_roles held \
         LEFT JOIN role_permissions allowed ON allowed.role = held.role \
         WHERE held.user_id = $1 ORDER BY held.role, allowed.permission"
    );
    OF_USERS = sql!(
        "SELECT held.user_id, held.role, allowed.permission FROM users \
         JOIN user_roles held ON held.user_id = users.id \
         LEFT JOIN role_permissions allowed ON allowed.role = held.role \
         WHERE users.number BETWEEN $1 AND $2 ORDER BY held.user_id, held.role, allowed.permission"
    );
    OF_EVENTS = sql!(
        "SELECT held.user_id, held.role, allowed.permission FROM user_roles held \
         LEFT JOIN role_permissions allowed ON allowed.role = held.role \
         WHERE held.user_id IN (SELECT user_id FROM events WHERE position > $1 AND position <= $2) \
         ORDER BY held.user_id, held.role, allowed.permission"
    );
    EXISTS = sql!("SELECT name FROM roles WHERE name = $1");
    HOLDS = sql!("SELECT role FROM user_roles WHERE user_id = $1 AND role = $2");
    /// MySQL's `INSERT IGNORE` would also ignore that the role or the account does not exist.
    GRANT = sql!("INSERT INTO user_roles (user_id, role, granted_at) VALUES ($1, $2, $3)");
    REVOKE = sql!("DELETE FROM user_roles WHERE user_id = $1 AND role = $2");
    REVOKE_ALL = sql!("DELETE FROM user_roles WHERE user_id = $1");
    /// Locks the role, so that two revocations of the last admin take turns.
    LOCK = sql!("UPDATE roles SET built_in = built_in WHERE name = $1");
    COUNT_HOLDERS = sql!(
        "SELECT COUNT(*) FROM (SELECT user_id FROM user_roles WHERE role = $1 LIMIT $2) AS held"
    );
    UNTOLD_HOLDERS = sql!(
        "SELECT held.user_id FROM user_roles held JOIN users ON users.id = held.user_id \
         WHERE held.role = $1 AND held.user_id > $2 \
         AND (users.roles_recorded_at IS NULL OR users.roles_recorded_at < $3) \
         ORDER BY held.user_id LIMIT $4"
    );
    COUNT_ACTIVE = sql!(
        "SELECT COUNT(*) FROM user_roles held JOIN users ON users.id = held.user_id \
         WHERE held.role = $1 AND users.status = 'active'"
    );
}

/// The roles of an account, in the order of their names, and all that they permit together.
#[derive(Clone, Debug, Default)]
pub struct Held {
    pub roles: Vec<RoleName>,
    pub permissions: Vec<Permission>,
}

impl Held {
    fn add(&mut self, role: String, permission: Option<&str>) {
        if self.roles.last().is_none_or(|last| last.as_str() != role) {
            self.roles.push(RoleName::new(role));
        }
        // A newer release may have stored permissions that this one does not know.
        if let Some(permission) = permission.and_then(Permission::parse)
            && let Err(place) = self.permissions.binary_search(&permission)
        {
            self.permissions.insert(place, permission);
        }
    }
}

pub async fn of_user(read: &mut Read, user_id: UserId) -> Result<Held> {
    let rows = fetch_all!(read, OF_USER, (String, Option<String>), user_id.0)?;
    let mut held = Held::default();
    for (role, permission) in rows {
        held.add(role, permission.as_deref());
    }
    Ok(held)
}

/// Of every account with a number from `first` to `last` that has any, by one statement.
pub async fn of_users(read: &mut Read, first: i64, last: i64) -> Result<HashMap<UserId, Held>> {
    Ok(by_user(fetch_all!(read, OF_USERS, Row, first, last)?))
}

/// Of every account that has any and that the events after `after` up to `until` are about.
pub async fn of_events(read: &mut Read, after: i64, until: i64) -> Result<HashMap<UserId, Held>> {
    Ok(by_user(fetch_all!(read, OF_EVENTS, Row, after, until)?))
}

type Row = (uuid::Uuid, String, Option<String>);

fn by_user(rows: Vec<Row>) -> HashMap<UserId, Held> {
    let mut all = HashMap::<UserId, Held>::new();
    for (user_id, role, permission) in rows {
        all.entry(UserId(user_id)).or_default().add(role, permission.as_deref());
    }
    all
}

pub async fn exists(read: &mut Read, role: &RoleName) -> Result<bool> {
    let found = fetch_optional!(read, EXISTS, (String,), role.as_str())?;
    // MySQL finds `admin` when asked for `admin `: the columns of names ignore trailing blanks.
    Ok(found.is_some_and(|(name,)| name == role.as_str()))
}

/// False when the account had the role already. The first `admin` closes the setup of the
/// deployment, here, where no way to the role can forget it (AUZ-07).
pub async fn grant(tx: &mut Tx, user_id: UserId, role: &RoleName, now: Timestamp) -> Result<bool> {
    if role.is_admin() {
        setup::close(tx, now).await?;
    }
    if fetch_optional!(tx, HOLDS, (String,), user_id.0, role.as_str())?.is_some() {
        return Ok(false);
    }
    match execute!(tx, GRANT, user_id.0, role.as_str(), now.as_micros()) {
        Ok(_) => Ok(true),
        // Granted by another transaction since we looked: whoever looks again sees it.
        Err(Error::Driver { source }) if is_repetition(&source) => Err(Error::Rival { source }),
        Err(error) => Err(error),
    }
}

/// False when the account did not have the role.
pub async fn revoke(tx: &mut Tx, user_id: UserId, role: &RoleName) -> Result<bool> {
    Ok(execute!(tx, REVOKE, user_id.0, role.as_str())? == 1)
}

pub async fn revoke_all(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, REVOKE_ALL, user_id.0)?;
    Ok(())
}

/// Makes whoever changes the holders of this role wait for each other.
pub async fn lock(tx: &mut Tx, role: &RoleName) -> Result<()> {
    execute!(tx, LOCK, role.as_str())?;
    Ok(())
}

/// How many accounts hold the role, in whatever state they are; counted up to `most`.
pub async fn count_holders(read: &mut Read, role: &RoleName, most: i64) -> Result<i64> {
    fetch_one!(read, COUNT_HOLDERS, (i64,), role.as_str(), most).map(|(count,)| count)
}

/// Up to `limit` holders with an id greater than `after` whose roles were not counted on since
/// `changed`, in the order of their ids.
pub async fn untold_holders(
    read: &mut Read,
    role: &RoleName,
    after: UserId,
    changed: RecordedAt,
    limit: i64,
) -> Result<Vec<UserId>> {
    let name = role.as_str();
    let rows = fetch_all!(read, UNTOLD_HOLDERS, (uuid::Uuid,), name, after.0, changed.0, limit)?;
    Ok(rows.into_iter().map(|(id,)| UserId(id)).collect())
}

/// How many active accounts hold the role.
pub async fn count_active(read: &mut Read, role: &RoleName) -> Result<i64> {
    fetch_one!(read, COUNT_ACTIVE, (i64,), role.as_str()).map(|(count,)| count)
}

pub(crate) fn is_repetition(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
