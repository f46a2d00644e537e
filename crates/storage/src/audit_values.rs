//! The `audit_values` table: what fields were before and after an event, sealed.

use domain::{EventId, UserId};

use crate::PIECE;
use crate::error::Result;
use crate::store::Tx;

statements! {
    INSERT = sql!("INSERT INTO audit_values (event_id, user_id, sealed) VALUES ($1, $2, $3)");
    DELETE_OF_USER = delete_some!("audit_values", "event_id", "user_id = ");
}

pub async fn insert(tx: &mut Tx, event_id: EventId, user_id: UserId, sealed: &[u8]) -> Result<()> {
    execute!(tx, INSERT, event_id.0, user_id.0, sealed)?;
    Ok(())
}

/// At most [`PIECE`]; answers how many.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<u64> {
    execute!(tx, DELETE_OF_USER, user_id.0, user_id.0, PIECE)
}
