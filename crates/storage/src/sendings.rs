//! The `sendings` table: when something was sent to an address, as long as it counts.

use domain::Timestamp;
use domain::limit::Moments;

use crate::PIECE;
use crate::error::{Error, Result};
use crate::store::Tx;

statements! {
    FIND_LOCKED = sql!(
        "SELECT moments FROM sendings WHERE bucket = $1 FOR UPDATE",
        sqlite: "SELECT moments FROM sendings WHERE bucket = $1"
    );
    INSERT = sql!("INSERT INTO sendings (bucket, moments, over_at) VALUES ($1, $2, $3)");
    UPDATE = sql!("UPDATE sendings SET moments = $1, over_at = $2 WHERE bucket = $3");
    DELETE_OVER = delete_some!("sendings", "bucket", "over_at < ");
}

/// What is remembered of the bucket; its row stays locked.
pub async fn find_locked(tx: &mut Tx, bucket: &[u8]) -> Result<Option<Moments>> {
    let row = fetch_optional!(tx, FIND_LOCKED, (Vec<u8>,), bucket)?;
    let unknown = Error::Corrupt { table: "sendings", column: "moments" };
    row.map(|(bytes,)| Moments::from_bytes(&bytes).ok_or(unknown)).transpose()
}

/// Worth nothing from `over_at` on. Conflicts when a rival was first.
pub async fn insert(
    tx: &mut Tx,
    bucket: &[u8],
    moments: &Moments,
    over_at: Timestamp,
) -> Result<()> {
    execute!(tx, INSERT, bucket, moments.to_bytes(), over_at.as_micros())?;
    Ok(())
}

pub async fn update(
    tx: &mut Tx,
    bucket: &[u8],
    moments: &Moments,
    over_at: Timestamp,
) -> Result<()> {
    execute!(tx, UPDATE, moments.to_bytes(), over_at.as_micros(), bucket)?;
    Ok(())
}

/// Forgets those who are as if nothing had ever been sent.
/// At most [`PIECE`].
pub async fn delete_over(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_OVER, now.as_micros(), now.as_micros(), PIECE)
}
