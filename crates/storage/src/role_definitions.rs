//! What roles permit: the `roles`, `role_permissions` and `role_generations` tables.
//!
//! Whoever changes a definition locks the role by [`roles::lock`](crate::roles::lock) and counts
//! [`advance`], by which every instance learns of it.

use domain::{Permission, Role, RoleName};

use crate::error::{Error, Result};
use crate::roles::{is_repetition, lock};
use crate::store::{Read, Tx};

statements! {
    LIST = sql!(
        "SELECT roles.name, roles.description, roles.built_in, allowed.permission FROM roles \
         LEFT JOIN role_permissions allowed ON allowed.role = roles.name \
         ORDER BY roles.name, allowed.permission"
    );
    FIND = sql!(
        "SELECT roles.name, roles.description, roles.built_in, allowed.permission FROM roles \
         LEFT JOIN role_permissions allowed ON allowed.role = roles.name \
         WHERE roles.name = $1 ORDER BY allowed.permission"
    );
    INSERT = sql!("INSERT INTO roles (name, description, built_in) VALUES ($1, $2, 0)");
    DESCRIBE = sql!("UPDATE roles SET description = $1 WHERE name = $2");
    PERMIT = sql!("INSERT INTO role_permissions (role, permission) VALUES ($1, $2)");
    FORBID = sql!("DELETE FROM role_permissions WHERE role = $1 AND permission = $2");
    FORBID_ALL = sql!("DELETE FROM role_permissions WHERE role = $1");
    DELETE = sql!("DELETE FROM roles WHERE name = $1");
    GENERATION = sql!("SELECT generation FROM role_generations WHERE id = 1");
    ADVANCE = sql!("UPDATE role_generations SET generation = generation + 1 WHERE id = 1");
}

type Row = (String, String, i64, Option<String>);

/// In the order of their names.
pub async fn list(read: &mut Read) -> Result<Vec<Role>> {
    Ok(gather(fetch_all!(read, LIST, Row)?))
}

pub async fn find(read: &mut Read, name: &RoleName) -> Result<Option<Role>> {
    let found = gather(fetch_all!(read, FIND, Row, name.as_str())?);
    // MySQL finds `admin` when asked for `admin `: the columns of names ignore trailing blanks.
    Ok(found.into_iter().find(|role| role.name == *name))
}

/// Like [`find`]; whoever else wants to change the role or its holders waits until this
/// transaction ends.
pub async fn find_locked(tx: &mut Tx, name: &RoleName) -> Result<Option<Role>> {
    lock(tx, name).await?;
    find(tx, name).await
}

/// Without permissions. The caller saw that there is none of this name.
pub async fn insert(tx: &mut Tx, name: &RoleName, description: &str) -> Result<()> {
    match execute!(tx, INSERT, name.as_str(), description) {
        Ok(_) => Ok(()),
        // Made by another transaction since it was looked for: whoever looks again sees it.
        Err(Error::Driver { source }) if is_repetition(&source) => Err(Error::Rival { source }),
        Err(error) => Err(error),
    }
}

pub async fn describe(tx: &mut Tx, name: &RoleName, description: &str) -> Result<()> {
    execute!(tx, DESCRIBE, description, name.as_str())?;
    Ok(())
}

/// The role is locked by the caller and does not have it.
pub async fn permit(tx: &mut Tx, name: &RoleName, permission: Permission) -> Result<()> {
    execute!(tx, PERMIT, name.as_str(), permission.as_str())?;
    Ok(())
}

pub async fn forbid(tx: &mut Tx, name: &RoleName, permission: Permission) -> Result<()> {
    execute!(tx, FORBID, name.as_str(), permission.as_str())?;
    Ok(())
}

/// The caller took it from all who held it.
pub async fn delete(tx: &mut Tx, name: &RoleName) -> Result<()> {
    execute!(tx, FORBID_ALL, name.as_str())?;
    execute!(tx, DELETE, name.as_str())?;
    Ok(())
}

/// Another number after every change that was committed, in whatever order that was.
pub async fn generation(read: &mut Read) -> Result<i64> {
    fetch_one!(read, GENERATION, (i64,)).map(|(generation,)| generation)
}

/// Counts a change of what some role permits; answers the new number. Changes of definitions take
/// turns from here on.
pub async fn advance(tx: &mut Tx) -> Result<i64> {
    tx.touch_all();
    execute!(tx, ADVANCE)?;
    generation(tx).await
}

/// Rows of one role stand together.
fn gather(rows: Vec<Row>) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for (name, description, built_in, permission) in rows {
        if roles.last().is_none_or(|last| last.name.as_str() != name) {
            let (name, is_built_in) = (RoleName::new(name), built_in != 0);
            roles.push(Role { name, description, permissions: Vec::new(), is_built_in });
        }
        // A newer release may have stored permissions that this one does not know.
        if let (Some(role), Some(permission)) =
            (roles.last_mut(), permission.as_deref().and_then(Permission::parse))
        {
            role.permissions.push(permission);
        }
    }
    for role in &mut roles {
        role.permissions.sort_unstable();
    }
    roles
}
