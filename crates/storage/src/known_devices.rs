//! The `known_devices` table: from what an account was signed in to lately.

use domain::{Timestamp, UserId};

use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    SEE_AGAIN = sql!(
        "UPDATE known_devices SET last_seen_at = $1 \
         WHERE user_id = $2 AND fingerprint = $3 AND last_seen_at >= $4"
    );
    FORGET = sql!("DELETE FROM known_devices WHERE user_id = $1 AND fingerprint = $2");
    INSERT = sql!(
        "INSERT INTO known_devices (user_id, fingerprint, first_seen_at, last_seen_at) \
         VALUES ($1, $2, $3, $4)"
    );
    COUNT_NEW = sql!(
        "SELECT COUNT(*) FROM known_devices WHERE user_id = $1 AND first_seen_at > $2"
    );
    LIST = sql!(
        "SELECT first_seen_at, last_seen_at FROM known_devices WHERE user_id = $1 \
         ORDER BY last_seen_at DESC"
    );
    DELETE_OF_USER = sql!("DELETE FROM known_devices WHERE user_id = $1");
    DELETE_UNSEEN = delete_some!("known_devices", "user_id, fingerprint", "last_seen_at < ");
}

/// Whether it was seen since `known_since`; it was seen `now` then.
pub async fn see_again(
    tx: &mut Tx,
    user_id: UserId,
    fingerprint: &[u8],
    now: Timestamp,
    known_since: Timestamp,
) -> Result<bool> {
    let (now, since) = (now.as_micros(), known_since.as_micros());
    Ok(execute!(tx, SEE_AGAIN, now, user_id.0, fingerprint, since)? == 1)
}

/// One that [`see_again`] does not know. The account's row is locked by the caller.
pub async fn insert(
    tx: &mut Tx,
    user_id: UserId,
    fingerprint: &[u8],
    now: Timestamp,
) -> Result<()> {
    // It may be there, unseen for too long.
    execute!(tx, FORGET, user_id.0, fingerprint)?;
    execute!(tx, INSERT, user_id.0, fingerprint, now.as_micros(), now.as_micros())?;
    Ok(())
}

/// How many were first seen after `since`.
pub async fn count_new(read: &mut Read, user_id: UserId, since: Timestamp) -> Result<i64> {
    let (count,) = fetch_one!(read, COUNT_NEW, (i64,), user_id.0, since.as_micros())?;
    Ok(count)
}

/// When each was first and last seen, the last seen first.
pub async fn list(read: &mut Read, user_id: UserId) -> Result<Vec<(Timestamp, Timestamp)>> {
    let rows = fetch_all!(read, LIST, (i64, i64), user_id.0)?;
    let time = Timestamp::from_micros;
    Ok(rows.into_iter().map(|(first, last)| (time(first), time(last))).collect())
}

pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}

/// Removes those that were not seen since `before`.
/// At most [`PIECE`].
pub async fn delete_unseen(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_UNSEEN, before.as_micros(), before.as_micros(), PIECE)
}
