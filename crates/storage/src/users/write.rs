//! Writing accounts.

use domain::user::Identifiers;
use domain::{Email, Phone, Profile, Timestamp, User, UserId, Username};

use crate::error::{Error, Result};
use crate::store::Tx;

statements! {
    INSERT = sql!(
        "INSERT INTO users (id, username, username_key, email, email_key, phone, first_name, \
         last_name, locale, metadata, status, version, security_version, roles_version, \
         event_version, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', 1, 1, 1, 0, $11, $12)"
    );
    CHANGE = sql!(
        "UPDATE users SET version = version + 1, updated_at = $1 WHERE id = $2 AND version = $3"
    );
    CHANGE_SECURITY = sql!(
        "UPDATE users SET version = version + 1, security_version = security_version + 1, \
         updated_at = $1 WHERE id = $2 AND version = $3"
    );
    CHANGE_ROLES = recorded!(
        "UPDATE users SET version = version + 1, security_version = security_version + 1, \
         roles_version = roles_version + 1, updated_at = $1, roles_changed_at = $2, \
         roles_recorded_at = ",
        " WHERE id = $3 AND version = $4"
    );
    RECORD_SIGN_IN = sql!(
        "UPDATE users SET last_login_at = $1 WHERE id = $2 AND security_version = $3"
    );
    SET_USERNAME = sql!("UPDATE users SET username = $1, username_key = $2 WHERE id = $3");
    SET_EMAIL = sql!(
        "UPDATE users SET email = $1, email_key = $2, email_verified_at = NULL, \
         pending_email = NULL WHERE id = $3"
    );
    SET_PENDING_EMAIL = sql!("UPDATE users SET pending_email = $1 WHERE id = $2");
    SET_PHONE = sql!("UPDATE users SET phone = $1, phone_verified_at = NULL WHERE id = $2");
    VERIFY_EMAIL = sql!("UPDATE users SET email_verified_at = $1 WHERE id = $2");
    VERIFY_PHONE = sql!("UPDATE users SET phone_verified_at = $1 WHERE id = $2");
    SET_PROFILE = sql!(
        "UPDATE users SET first_name = $1, last_name = $2, locale = $3, metadata = $4 \
         WHERE id = $5"
    );
    TAKE_BACK = sql!("DELETE FROM users WHERE id = $1");
    BLOCK = sql!("UPDATE users SET status = 'blocked', blocked_at = $1 WHERE id = $2");
    UNBLOCK = sql!("UPDATE users SET status = 'active', blocked_at = NULL WHERE id = $1");
    DELETE = sql!(
        "UPDATE users SET status = 'deleted', deleted_at = $1, purge_at = $2, \
         restoration_hash = $3 WHERE id = $4"
    );
    FREE_IDENTIFIERS = sql!(
        "UPDATE users SET username = NULL, username_key = NULL, email = NULL, email_key = NULL, \
         pending_email = NULL, phone = NULL WHERE id = $1"
    );
    RESTORE = sql!(
        "UPDATE users SET status = CASE WHEN blocked_at IS NULL THEN 'active' ELSE 'blocked' END, \
         deleted_at = NULL, purge_at = NULL, restoration_hash = NULL WHERE id = $1"
    );
    PURGE = sql!(
        "UPDATE users SET status = 'purged', username = NULL, username_key = NULL, email = NULL, \
         email_key = NULL, email_verified_at = NULL, pending_email = NULL, phone = NULL, \
         phone_verified_at = NULL, first_name = '', last_name = '', locale = NULL, \
         metadata = '{}', last_login_at = NULL WHERE id = $1"
    );
}

/// An account about to exist: active, without roles, without a password.
pub struct NewUser<'a> {
    pub id: UserId,
    pub identifiers: &'a Identifiers,
    pub profile: &'a Profile,
    pub now: Timestamp,
}

/// Conflicts when an identifier is held by another account: the unique keys decide, nothing else.
pub async fn insert(tx: &mut Tx, new: &NewUser<'_>) -> Result<()> {
    let Identifiers { username, email, phone } = new.identifiers;
    execute!(
        tx,
        INSERT,
        new.id.0,
        username.as_ref().map(Username::as_str),
        username.as_ref().map(Username::key),
        email.as_ref().map(Email::as_str),
        email.as_ref().map(Email::key),
        phone.as_ref().map(Phone::as_str),
        &new.profile.first_name,
        &new.profile.last_name,
        new.profile.locale.as_deref(),
        &new.profile.metadata,
        new.now.as_micros(),
        new.now.as_micros(),
    )?;
    Ok(())
}

/// Counts a change that tokens need not know; stale when the account changed since it was read.
pub async fn change(tx: &mut Tx, user: &User, now: Timestamp) -> Result<()> {
    fresh(execute!(tx, CHANGE, now.as_micros(), user.id.0, user.version)?)
}

/// Like [`change`], for credentials and status: what was proved before is proved again.
pub async fn change_security(tx: &mut Tx, user: &User, now: Timestamp) -> Result<()> {
    fresh(execute!(tx, CHANGE_SECURITY, now.as_micros(), user.id.0, user.version)?)
}

/// Like [`change_security`], for roles: access tokens minted before are refused.
pub async fn change_roles(tx: &mut Tx, user: &User, now: Timestamp) -> Result<()> {
    let at = now.as_micros();
    fresh(execute!(tx, CHANGE_ROLES, at, at, user.id.0, user.version)?)
}

/// Stale when credentials or status changed since the account was read.
pub async fn record_sign_in(tx: &mut Tx, user: &User, now: Timestamp) -> Result<()> {
    fresh(execute!(tx, RECORD_SIGN_IN, now.as_micros(), user.id.0, user.security_version)?)
}

pub async fn set_username(tx: &mut Tx, id: UserId, username: Option<&Username>) -> Result<()> {
    let (shown, key) = (username.map(Username::as_str), username.map(Username::key));
    execute!(tx, SET_USERNAME, shown, key, id.0)?;
    Ok(())
}

/// Replaces the address at once: the new one is unverified, nothing pends any more.
pub async fn set_email(tx: &mut Tx, id: UserId, email: Option<&Email>) -> Result<()> {
    execute!(tx, SET_EMAIL, email.map(Email::as_str), email.map(Email::key), id.0)?;
    Ok(())
}

pub async fn set_pending_email(tx: &mut Tx, id: UserId, email: Option<&Email>) -> Result<()> {
    execute!(tx, SET_PENDING_EMAIL, email.map(Email::as_str), id.0)?;
    Ok(())
}

pub async fn set_phone(tx: &mut Tx, id: UserId, phone: Option<&Phone>) -> Result<()> {
    execute!(tx, SET_PHONE, phone.map(Phone::as_str), id.0)?;
    Ok(())
}

/// Its owner showed that it is his.
pub async fn verify_email(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<()> {
    execute!(tx, VERIFY_EMAIL, now.as_micros(), id.0)?;
    Ok(())
}

pub async fn verify_phone(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<()> {
    execute!(tx, VERIFY_PHONE, now.as_micros(), id.0)?;
    Ok(())
}

pub async fn set_profile(tx: &mut Tx, id: UserId, profile: &Profile) -> Result<()> {
    execute!(
        tx,
        SET_PROFILE,
        &profile.first_name,
        &profile.last_name,
        profile.locale.as_deref(),
        &profile.metadata,
        id.0,
    )?;
    Ok(())
}

/// Removes a row that the same transaction wrote; nothing else ever removes one.
pub async fn take_back(tx: &mut Tx, id: UserId) -> Result<()> {
    execute!(tx, TAKE_BACK, id.0)?;
    Ok(())
}

pub async fn block(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<()> {
    execute!(tx, BLOCK, now.as_micros(), id.0)?;
    Ok(())
}

pub async fn unblock(tx: &mut Tx, id: UserId) -> Result<()> {
    execute!(tx, UNBLOCK, id.0)?;
    Ok(())
}

/// Marks as deleted. The identifiers stay held until [`restore`] or [`purge`].
pub async fn delete(
    tx: &mut Tx,
    id: UserId,
    deleted_at: Timestamp,
    purge_at: Timestamp,
    restoration_digest: Option<&[u8]>,
) -> Result<()> {
    let (deleted_at, purge_at) = (deleted_at.as_micros(), purge_at.as_micros());
    execute!(tx, DELETE, deleted_at, purge_at, restoration_digest, id.0)?;
    Ok(())
}

/// Lets others register what this account was known by.
pub async fn free_identifiers(tx: &mut Tx, id: UserId) -> Result<()> {
    execute!(tx, FREE_IDENTIFIERS, id.0)?;
    Ok(())
}

/// Brings back what [`delete`] took away; who was blocked before is blocked again.
pub async fn restore(tx: &mut Tx, id: UserId) -> Result<()> {
    execute!(tx, RESTORE, id.0)?;
    Ok(())
}

/// Erases what is personal and frees the identifiers. The digest of the restoration token stays,
/// so that its owner hears "too late" instead of "never heard of it".
pub async fn purge(tx: &mut Tx, id: UserId) -> Result<()> {
    execute!(tx, PURGE, id.0)?;
    Ok(())
}

fn fresh(matched: u64) -> Result<()> {
    if matched == 1 { Ok(()) } else { Err(Error::Stale) }
}
