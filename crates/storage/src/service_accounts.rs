//! The `service_accounts` and `service_account_permissions` tables: clients that are no people.

use std::collections::HashMap;

use domain::{Permission, ServiceAccount, ServiceAccountId, Timestamp, UserId};

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    INSERT = sql!(
        "INSERT INTO service_accounts (id, name, name_key, secret_hash, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)"
    );
    LIST = sql!(
        "SELECT id, name, created_by, created_at, rotated_at, previous_until, last_used_at \
         FROM service_accounts WHERE revoked_at IS NULL ORDER BY name_key"
    );
    FIND = sql!(
        "SELECT id, name, created_by, created_at, rotated_at, previous_until, last_used_at \
         FROM service_accounts WHERE id = $1 AND revoked_at IS NULL"
    );
    FIND_BY_NAME = sql!(
        "SELECT id, name, created_by, created_at, rotated_at, previous_until, last_used_at \
         FROM service_accounts WHERE name_key = $1 AND revoked_at IS NULL"
    );
    SECRETS = sql!(
        "SELECT secret_hash, previous_hash FROM service_accounts \
         WHERE id = $1 AND revoked_at IS NULL"
    );
    /// In this order: MySQL assigns from left to right and reads what it just wrote.
    ROTATE = sql!(
        "UPDATE service_accounts SET previous_hash = secret_hash, secret_hash = $1, \
         previous_until = $2, rotated_at = $3 WHERE id = $4 AND revoked_at IS NULL"
    );
    /// Makes those who change what the service may do take turns.
    LOCK = sql!("UPDATE service_accounts SET name = name WHERE id = $1 AND revoked_at IS NULL");
    TOUCH = sql!(
        "UPDATE service_accounts SET last_used_at = $1 \
         WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $3)"
    );
    /// Its name is free for another; its secret is worth nothing any more.
    REVOKE = sql!(
        "UPDATE service_accounts SET revoked_at = $1, name_key = NULL, previous_hash = NULL, \
         previous_until = NULL WHERE id = $2 AND revoked_at IS NULL"
    );
    PERMISSIONS = sql!(
        "SELECT permission FROM service_account_permissions WHERE service_id = $1"
    );
    ALL_PERMISSIONS = sql!("SELECT service_id, permission FROM service_account_permissions");
    PERMIT = sql!(
        "INSERT INTO service_account_permissions (service_id, permission) VALUES ($1, $2)"
    );
    FORBID_ALL = sql!("DELETE FROM service_account_permissions WHERE service_id = $1");
}

/// The digests of the secrets that a service may present.
pub struct Secrets {
    pub current: Vec<u8>,
    /// Good until the account's `previous_until`.
    pub previous: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct ServiceRow {
    id: uuid::Uuid,
    name: String,
    created_by: Option<uuid::Uuid>,
    created_at: i64,
    rotated_at: Option<i64>,
    previous_until: Option<i64>,
    last_used_at: Option<i64>,
}

/// Conflicts when another service has this name.
pub async fn insert(tx: &mut Tx, service: &ServiceAccount, secret_hash: &[u8]) -> Result<()> {
    execute!(
        tx,
        INSERT,
        service.id.0,
        &service.name,
        &service.name,
        secret_hash,
        service.created_by.map(|id| id.0),
        service.created_at.as_micros(),
    )?;
    permit(tx, service.id, &service.permissions).await
}

/// Those that were not deleted, in the order of their names.
pub async fn list(read: &mut Read) -> Result<Vec<ServiceAccount>> {
    let mut permissions = HashMap::<uuid::Uuid, Vec<Permission>>::new();
    let rows = fetch_all!(read, LIST, ServiceRow)?;
    for (id, permission) in fetch_all!(read, ALL_PERMISSIONS, (uuid::Uuid, String))? {
        permissions.entry(id).or_default().extend(Permission::parse(&permission));
    }
    let accounts = rows.into_iter().map(|row| {
        let permissions = permissions.remove(&row.id).unwrap_or_default();
        row.with(permissions)
    });
    Ok(accounts.collect())
}

/// Unless it was deleted.
pub async fn find(read: &mut Read, id: ServiceAccountId) -> Result<Option<ServiceAccount>> {
    let row = fetch_optional!(read, FIND, ServiceRow, id.0)?;
    complete(read, row).await
}

/// Unless it was deleted.
pub async fn find_by_name(read: &mut Read, name: &str) -> Result<Option<ServiceAccount>> {
    let row = fetch_optional!(read, FIND_BY_NAME, ServiceRow, name)?;
    complete(read, row).await
}

/// Unless it was deleted.
pub async fn secrets(read: &mut Read, id: ServiceAccountId) -> Result<Option<Secrets>> {
    let row = fetch_optional!(read, SECRETS, (Vec<u8>, Option<Vec<u8>>), id.0)?;
    Ok(row.map(|(current, previous)| Secrets { current, previous }))
}

/// The secret so far is good until `previous_until`; the one before it no more. False when there
/// is no such service.
pub async fn rotate(
    tx: &mut Tx,
    id: ServiceAccountId,
    secret_hash: &[u8],
    previous_until: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let (until, at) = (previous_until.as_micros(), now.as_micros());
    Ok(execute!(tx, ROTATE, secret_hash, until, at, id.0)? == 1)
}

/// Notes a use, unless one was noted at `unless_since` or later.
pub async fn touch(
    tx: &mut Tx,
    id: ServiceAccountId,
    now: Timestamp,
    unless_since: Timestamp,
) -> Result<()> {
    execute!(tx, TOUCH, now.as_micros(), id.0, unless_since.as_micros())?;
    Ok(())
}

/// False when it was deleted already, or never there.
pub async fn revoke(tx: &mut Tx, id: ServiceAccountId, now: Timestamp) -> Result<bool> {
    Ok(execute!(tx, REVOKE, now.as_micros(), id.0)? == 1)
}

/// Until the end of the transaction nobody else changes the service.
pub async fn find_locked(tx: &mut Tx, id: ServiceAccountId) -> Result<Option<ServiceAccount>> {
    execute!(tx, LOCK, id.0)?;
    find(tx, id).await
}

/// These and no others. The caller has locked the service.
pub async fn set_permissions(
    tx: &mut Tx,
    id: ServiceAccountId,
    permissions: &[Permission],
) -> Result<()> {
    execute!(tx, FORBID_ALL, id.0)?;
    permit(tx, id, permissions).await
}

async fn permit(tx: &mut Tx, id: ServiceAccountId, permissions: &[Permission]) -> Result<()> {
    for permission in permissions {
        execute!(tx, PERMIT, id.0, permission.as_str())?;
    }
    Ok(())
}

async fn complete(read: &mut Read, row: Option<ServiceRow>) -> Result<Option<ServiceAccount>> {
    let Some(row) = row else { return Ok(None) };
    let names = fetch_all!(read, PERMISSIONS, (String,), row.id)?;
    // A newer release may have stored permissions that this one does not know.
    let known = names.iter().filter_map(|(name,)| Permission::parse(name));
    Ok(Some(row.with(known.collect())))
}

impl ServiceRow {
    fn with(self, mut permissions: Vec<Permission>) -> ServiceAccount {
        permissions.sort_unstable();
        ServiceAccount {
            id: ServiceAccountId(self.id),
            name: self.name,
            permissions,
            created_by: self.created_by.map(UserId),
            created_at: Timestamp::from_micros(self.created_at),
            rotated_at: self.rotated_at.map(Timestamp::from_micros),
            previous_until: self.previous_until.map(Timestamp::from_micros),
            last_used_at: self.last_used_at.map(Timestamp::from_micros),
        }
    }
}
