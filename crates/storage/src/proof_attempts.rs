//! The `proof_attempts` table: guesses at passwords, a row for each account, device or unknown
//! name that was tried.

use domain::attempts::Attempts;
use domain::{Timestamp, UserId};

use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FIND_LOCKED = sql!(
        "SELECT failures, in_flight, slots_expire_at, blocked_until, braked, braked_since, \
         reported_at FROM proof_attempts WHERE bucket = $1 FOR UPDATE",
        sqlite: "SELECT failures, in_flight, slots_expire_at, blocked_until, braked, \
         braked_since, reported_at FROM proof_attempts WHERE bucket = $1"
    );
    INSERT = sql!(
        "INSERT INTO proof_attempts (bucket, user_id, failures, in_flight, slots_expire_at, \
         blocked_until, braked, braked_since, reported_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    UPDATE = sql!(
        "UPDATE proof_attempts SET failures = $1, in_flight = $2, slots_expire_at = $3, \
         blocked_until = $4, braked = $5, braked_since = $6, reported_at = $7, changed_at = $8 \
         WHERE bucket = $9"
    );
    FIND = sql!(
        "SELECT failures, in_flight, slots_expire_at, blocked_until, braked, braked_since, \
         reported_at FROM proof_attempts WHERE bucket = $1"
    );
    DELETE_OF_USER = sql!("DELETE FROM proof_attempts WHERE user_id = $1");
    DELETE_OLD = delete_some!("proof_attempts", "bucket", "(user_id IS NULL OR failures = 0) AND changed_at < ");
}

#[derive(sqlx::FromRow)]
struct AttemptsRow {
    failures: i64,
    in_flight: i64,
    slots_expire_at: i64,
    blocked_until: i64,
    braked: i64,
    braked_since: i64,
    reported_at: i64,
}

/// What is remembered of the bucket; its row stays locked.
pub async fn find_locked(tx: &mut Tx, bucket: &[u8]) -> Result<Option<Attempts>> {
    let row = fetch_optional!(tx, FIND_LOCKED, AttemptsRow, bucket)?;
    Ok(row.map(Attempts::from))
}

/// What is remembered in this bucket, for whoever only looks.
pub async fn find(read: &mut Read, bucket: &[u8]) -> Result<Option<Attempts>> {
    let row = fetch_optional!(read, FIND, AttemptsRow, bucket)?;
    Ok(row.map(Attempts::from))
}

/// Conflicts when a rival was first.
pub async fn insert(
    tx: &mut Tx,
    bucket: &[u8],
    user_id: Option<UserId>,
    attempts: &Attempts,
    now: Timestamp,
) -> Result<()> {
    execute!(
        tx,
        INSERT,
        bucket,
        user_id.map(|id| id.0),
        attempts.failures,
        attempts.in_flight,
        attempts.slots_expire_at.as_micros(),
        attempts.blocked_until.as_micros(),
        attempts.braked,
        attempts.braked_since.as_micros(),
        attempts.reported_at.as_micros(),
        now.as_micros(),
    )?;
    Ok(())
}

pub async fn update(tx: &mut Tx, bucket: &[u8], attempts: &Attempts, now: Timestamp) -> Result<()> {
    execute!(
        tx,
        UPDATE,
        attempts.failures,
        attempts.in_flight,
        attempts.slots_expire_at.as_micros(),
        attempts.blocked_until.as_micros(),
        attempts.braked,
        attempts.braked_since.as_micros(),
        attempts.reported_at.as_micros(),
        now.as_micros(),
        bucket,
    )?;
    Ok(())
}

/// Its password was set anew, or its account is gone.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}

/// Forgets names that nobody has, and accounts that were not guessed at; not the failures of
/// accounts, which are consecutive however far apart.
/// At most [`PIECE`].
pub async fn delete_old(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_OLD, before.as_micros(), before.as_micros(), PIECE)
}

impl From<AttemptsRow> for Attempts {
    fn from(row: AttemptsRow) -> Self {
        Self {
            failures: row.failures,
            in_flight: row.in_flight,
            slots_expire_at: Timestamp::from_micros(row.slots_expire_at),
            blocked_until: Timestamp::from_micros(row.blocked_until),
            braked: row.braked,
            braked_since: Timestamp::from_micros(row.braked_since),
            reported_at: Timestamp::from_micros(row.reported_at),
        }
    }
}
