//! The `role_departures` table: who held a role that was deleted, until each account tells of it.

use domain::{RoleName, UserId};

use crate::error::Result;
use crate::store::Tx;

statements! {
    /// A bare parameter in a SELECT list has no type for PostgreSQL, so it is told.
    INSERT = sql!(
        "INSERT INTO role_departures (generation, user_id, role) \
         SELECT $1, user_id, role FROM user_roles WHERE role = $2",
        postgres: "INSERT INTO role_departures (generation, user_id, role) \
         SELECT $1::bigint, user_id, role FROM user_roles WHERE role = $2"
    );
    TAKE_FROM_ALL = sql!("DELETE FROM user_roles WHERE role = $1");
    LIST = sql!(
        "SELECT user_id, role FROM role_departures WHERE generation = $1 ORDER BY user_id LIMIT $2"
    );
    DELETE = sql!("DELETE FROM role_departures WHERE generation = $1 AND user_id = $2");
}

/// Takes the locked role from everybody, and notes under `generation` who held it; answers how
/// many that were.
pub async fn take_from_all(tx: &mut Tx, generation: i64, role: &RoleName) -> Result<u64> {
    execute!(tx, INSERT, generation, role.as_str())?;
    execute!(tx, TAKE_FROM_ALL, role.as_str())
}

/// Up to `limit` who have yet to tell.
pub async fn list(tx: &mut Tx, generation: i64, limit: i64) -> Result<Vec<(UserId, RoleName)>> {
    let rows = fetch_all!(tx, LIST, (uuid::Uuid, String), generation, limit)?;
    Ok(rows.into_iter().map(|(id, role)| (UserId(id), RoleName::new(role))).collect())
}

pub async fn delete(tx: &mut Tx, generation: i64, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE, generation, user_id.0)?;
    Ok(())
}
