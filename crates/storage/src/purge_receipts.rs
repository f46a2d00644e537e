//! The `purge_receipts` table: that an account was erased. Nothing says whose it was.

use domain::{Timestamp, UserId};

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    INSERT = sql!(
        "INSERT INTO purge_receipts (user_id, number, deleted_at, deleted_by, purged_at) \
         SELECT id, number, COALESCE(deleted_at, purge_at, updated_at), $1, $2 FROM users \
         WHERE id = $3",
        postgres: "INSERT INTO purge_receipts (user_id, number, deleted_at, deleted_by, purged_at) \
         SELECT id, number, COALESCE(deleted_at, purge_at, updated_at), $1::text, $2::bigint \
         FROM users WHERE id = $3"
    );
    FIND = sql!(
        "SELECT number, deleted_at, deleted_by, purged_at FROM purge_receipts WHERE user_id = $1"
    );
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgeReceipt {
    pub number: i64,
    pub deleted_at: Timestamp,
    /// What kind of actor wanted it: `owner`, `administrator`, `operator`, `service` or `system`.
    pub deleted_by: String,
    pub purged_at: Timestamp,
}

/// Of an account that is there still.
pub async fn insert(tx: &mut Tx, user_id: UserId, deleted_by: &str, now: Timestamp) -> Result<()> {
    execute!(tx, INSERT, deleted_by, now.as_micros(), user_id.0)?;
    Ok(())
}

pub async fn find(read: &mut Read, user_id: UserId) -> Result<Option<PurgeReceipt>> {
    let row = fetch_optional!(read, FIND, (i64, i64, String, i64), user_id.0)?;
    Ok(row.map(|(number, deleted_at, deleted_by, purged_at)| PurgeReceipt {
        number,
        deleted_at: Timestamp::from_micros(deleted_at),
        deleted_by,
        purged_at: Timestamp::from_micros(purged_at),
    }))
}
