//! The `blocks` table: what is known of a block beside that there is one.

use domain::{Timestamp, UserId};

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FIND = sql!("SELECT reason, ends_at FROM blocks WHERE user_id = $1");
    INSERT = sql!("INSERT INTO blocks (user_id, reason, ends_at) VALUES ($1, $2, $3)");
    DELETE = sql!("DELETE FROM blocks WHERE user_id = $1");
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// For administrators.
    pub reason: Option<String>,
    /// Without one it holds until somebody lifts it.
    pub until: Option<Timestamp>,
}

pub async fn find(read: &mut Read, user_id: UserId) -> Result<Option<Block>> {
    let row = fetch_optional!(read, FIND, (Option<String>, Option<i64>), user_id.0)?;
    Ok(row.map(|(reason, ends_at)| Block { reason, until: ends_at.map(Timestamp::from_micros) }))
}

/// Replaces what was known. The account's row is locked by the caller.
pub async fn set(tx: &mut Tx, user_id: UserId, block: &Block) -> Result<()> {
    delete(tx, user_id).await?;
    let ends_at = block.until.map(Timestamp::as_micros);
    execute!(tx, INSERT, user_id.0, block.reason.as_deref(), ends_at)?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE, user_id.0)?;
    Ok(())
}
