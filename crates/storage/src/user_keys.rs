//! The `user_keys` table: under each is sealed what the audit trail knows of an account's values.

use domain::{Timestamp, UserId};

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FIND = sql!("SELECT sealed_key FROM user_keys WHERE user_id = $1");
    INSERT = sql!("INSERT INTO user_keys (user_id, sealed_key, created_at) VALUES ($1, $2, $3)");
    DELETE_OF_USER = sql!("DELETE FROM user_keys WHERE user_id = $1");
}

pub async fn find(read: &mut Read, user_id: UserId) -> Result<Option<Vec<u8>>> {
    let row = fetch_optional!(read, FIND, (Vec<u8>,), user_id.0)?;
    Ok(row.map(|(sealed_key,)| sealed_key))
}

/// The account's row is locked by the caller, so that it gets one key only.
pub async fn insert(tx: &mut Tx, user_id: UserId, sealed_key: &[u8], now: Timestamp) -> Result<()> {
    execute!(tx, INSERT, user_id.0, sealed_key, now.as_micros())?;
    Ok(())
}

/// What was sealed under it can be read by nobody any more, wherever there is a copy.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}
