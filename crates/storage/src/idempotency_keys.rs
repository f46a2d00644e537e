//! The `idempotency_keys` table: which requests were answered already.

use domain::{Timestamp, UserId};

use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FIND = sql!("SELECT fingerprint, user_id FROM idempotency_keys WHERE digest = $1");
    INSERT = sql!(
        "INSERT INTO idempotency_keys (digest, fingerprint, user_id, created_at) \
         VALUES ($1, $2, $3, $4)"
    );
    DELETE_OF_USER = sql!("DELETE FROM idempotency_keys WHERE user_id = $1");
    DELETE_OLD = delete_some!("idempotency_keys", "digest", "created_at < ");
}

/// The request that a key was first used for.
pub struct Answered {
    /// Equal for equal requests.
    pub fingerprint: Vec<u8>,
    pub user_id: UserId,
}

pub async fn find(read: &mut Read, digest: &[u8]) -> Result<Option<Answered>> {
    let row = fetch_optional!(read, FIND, (Vec<u8>, uuid::Uuid), digest)?;
    Ok(row.map(|(fingerprint, id)| Answered { fingerprint, user_id: UserId(id) }))
}

/// Conflicts when the key is in use; whoever uses it at the same moment waits for our end.
pub async fn insert(
    tx: &mut Tx,
    digest: &[u8],
    fingerprint: &[u8],
    user_id: UserId,
    now: Timestamp,
) -> Result<()> {
    execute!(tx, INSERT, digest, fingerprint, user_id.0, now.as_micros())?;
    Ok(())
}

/// Whoever asks again for an account that was deleted asks for a new one.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}

/// Forgets keys first used before `before`.
/// At most [`PIECE`].
pub async fn delete_old(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_OLD, before.as_micros(), before.as_micros(), PIECE)
}
