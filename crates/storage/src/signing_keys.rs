//! The `signing_keys` table: keys sealed under the master key.

use std::time::Duration;

use domain::{KeyId, Timestamp};

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    LIST = sql!(
        "SELECT id, purpose, generation, algorithm, issuer, public_key, sealed_key, created_at, \
         active_from, longest_life, retired_at FROM signing_keys ORDER BY purpose, generation"
    );
    INSERT = sql!(
        "INSERT INTO signing_keys (id, purpose, generation, algorithm, issuer, public_key, \
         sealed_key, created_at, active_from, longest_life) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    BEGIN_BY = sql!(
        "UPDATE signing_keys SET active_from = $1 \
         WHERE id = $2 AND active_from > $3 AND retired_at IS NULL"
    );
    RETIRE = sql!("UPDATE signing_keys SET retired_at = $1 WHERE id = $2 AND retired_at IS NULL");
    EXTEND_LIFE = sql!(
        "UPDATE signing_keys SET longest_life = $1 WHERE id = $2 AND longest_life < $3"
    );
}

/// A key as stored: what signs is sealed, what verifies is not.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    pub id: KeyId,
    /// What it is for; each purpose has its own run of generations.
    pub purpose: String,
    pub generation: i64,
    pub algorithm: String,
    pub issuer: String,
    pub public_key: Vec<u8>,
    pub sealed_key: Vec<u8>,
    pub created_at: Timestamp,
    pub active_from: Timestamp,
    /// Of all the tokens that it ever signs, in whole seconds.
    pub longest_life: Duration,
    pub retired_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: uuid::Uuid,
    purpose: String,
    generation: i64,
    algorithm: String,
    issuer: String,
    public_key: Vec<u8>,
    sealed_key: Vec<u8>,
    created_at: i64,
    active_from: i64,
    longest_life: i64,
    retired_at: Option<i64>,
}

pub async fn list(read: &mut Read) -> Result<Vec<StoredKey>> {
    let rows = fetch_all!(read, LIST, KeyRow)?;
    Ok(rows.into_iter().map(StoredKey::from).collect())
}

/// Conflicts when another instance made this generation first: list again and use that one.
pub async fn insert(tx: &mut Tx, key: &StoredKey) -> Result<()> {
    execute!(
        tx,
        INSERT,
        key.id.0,
        &key.purpose,
        key.generation,
        &key.algorithm,
        &key.issuer,
        &key.public_key,
        &key.sealed_key,
        key.created_at.as_micros(),
        key.active_from.as_micros(),
        seconds(key.longest_life),
    )?;
    Ok(())
}

/// From now on the key signs tokens that live so long; a shorter life changes nothing.
pub async fn extend_life(tx: &mut Tx, id: KeyId, life: Duration) -> Result<()> {
    execute!(tx, EXTEND_LIFE, seconds(life), id.0, seconds(life))?;
    Ok(())
}

/// The key signs from `now` on, if it was to sign later.
pub async fn begin_by(tx: &mut Tx, id: KeyId, now: Timestamp) -> Result<()> {
    execute!(tx, BEGIN_BY, now.as_micros(), id.0, now.as_micros())?;
    Ok(())
}

/// Nobody accepts any more what the key signed. Once retired, it stays so.
pub async fn retire(tx: &mut Tx, id: KeyId, now: Timestamp) -> Result<()> {
    execute!(tx, RETIRE, now.as_micros(), id.0)?;
    Ok(())
}

fn seconds(life: Duration) -> i64 {
    i64::try_from(life.as_secs()).unwrap_or(i64::MAX)
}

impl From<KeyRow> for StoredKey {
    fn from(row: KeyRow) -> Self {
        Self {
            id: KeyId(row.id),
            purpose: row.purpose,
            generation: row.generation,
            algorithm: row.algorithm,
            issuer: row.issuer,
            public_key: row.public_key,
            sealed_key: row.sealed_key,
            created_at: Timestamp::from_micros(row.created_at),
            active_from: Timestamp::from_micros(row.active_from),
            longest_life: Duration::from_secs(row.longest_life.unsigned_abs()),
            retired_at: row.retired_at.map(Timestamp::from_micros),
        }
    }
}
