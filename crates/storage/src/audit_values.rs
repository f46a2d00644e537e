//! The `audit_values` table: what fields were before and after an event, sealed.

use domain::{EventId, UserId};

use crate::error::Result;
use crate::store::Tx;

statements! {
    INSERT = sql!("INSERT INTO audit_values (event_id, user_id, sealed) VALUES ($1, $2, $3)");
    DELETE_OF_USER = sql!("DELETE FROM audit_values WHERE user_id = $1");
}

pub async fn insert(tx: &mut Tx, event_id: EventId, user_id: UserId, sealed: &[u8]) -> Result<()> {
    execute!(tx, INSERT, event_id.0, user_id.0, sealed)?;
    Ok(())
}

pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}
