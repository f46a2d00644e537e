//! The `command_queue` table: one row, since when and why no commands come.

use domain::Timestamp;

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FIND = sql!(
        "SELECT failing_since, reason FROM command_queue WHERE id = 1 AND failing_since IS NOT NULL"
    );
    FAIL = sql!(
        "UPDATE command_queue SET failing_since = COALESCE(failing_since, $1), reason = $2 \
         WHERE id = 1"
    );
    RECOVER = sql!(
        "UPDATE command_queue SET failing_since = NULL, reason = NULL \
         WHERE id = 1 AND failing_since IS NOT NULL"
    );
}

/// None while they come.
pub async fn failing(read: &mut Read) -> Result<Option<(Timestamp, String)>> {
    let row = fetch_optional!(read, FIND, (i64, Option<String>))?;
    Ok(row.map(|(since, reason)| (Timestamp::from_micros(since), reason.unwrap_or_default())))
}

/// Says why they do not; since when, only the first time.
pub async fn fail(tx: &mut Tx, reason: &str, now: Timestamp) -> Result<()> {
    execute!(tx, FAIL, now.as_micros(), reason)?;
    Ok(())
}

/// They come again.
pub async fn recover(tx: &mut Tx) -> Result<()> {
    execute!(tx, RECOVER)?;
    Ok(())
}
